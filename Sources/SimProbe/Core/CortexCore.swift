/// A Cortex-M3 or Cortex-M4 with its private peripherals: what executes, and what a debugger sees of it.
///
/// The chip around it hands it the bus and the clock, drives its reset and its interrupt lines, and calls
/// `run(until:)` whenever somebody looks at the chip; the core then catches up with the clock. While it does, the
/// core's own time is `localNanoseconds`, which lies at or behind the clock's.
///
/// Calls from the bus back into the core (an interrupt line, the clock frequency, a reset) are allowed at any time.
final class CortexCore {
  /// What the core is doing.
  enum State: Equatable {
    /// Held in reset.
    case inReset
    /// Executing.
    case running
    /// Asleep after WFI or sleep-on-exit.
    case waitingForInterrupt
    /// Asleep after WFE.
    case waitingForEvent
    /// Locked up by a fault that had no handler.
    case lockedUp
    /// In debug state.
    case halted
  }

  /// The processor's type and options.
  let profile: CoreProfile
  /// The bus; whoever made the core keeps both.
  ///
  /// It is not counted, because every access of the core would count.
  unowned(unsafe) let bus: any SystemBus
  let clock: VirtualClock

  /// Software or the debugger writes AIRCR.SYSRESETREQ; the chip then resets itself and the core.
  let systemResetRequest = Signal<Void>()
  /// The core enters or leaves debug state.
  let haltChanged = Signal<Void>()
  /// A character begins on the trace port's one pin, as far as the port itself goes.
  let traceCharacter = Signal<SerialFrame>()
  /// What the core enters Stop and Standby with.
  weak var deepSleep: (any DeepSleepController)?

  // MARK: Registers

  /// R0 to R15 and one that nothing reads; R13 is the stack pointer in use, R15 what the instruction that executes
  /// reads: its address plus 4.
  let registers = CoreRegisterFile(count: 17)
  /// S0 to S31.
  let floatRegisters = CoreRegisterFile(count: 32)
  // What executing touches is not checked for overlapping accesses: a debug build spent a quarter of its time on that. Only the
  // thread that has the probe comes here, and calls back from the bus are meant to see what the instruction has done so far.

  /// FPSCR.
  @exclusivity(unchecked) var floatStatus: UInt32 = 0
  /// The stack pointer that is not in R13 now.
  @exclusivity(unchecked) var bankedStackPointer: UInt32 = 0
  /// Whether R13 is the process stack pointer.
  @exclusivity(unchecked) var usesProcessStack = false
  /// The address of the next instruction.
  @exclusivity(unchecked) var programCounter: UInt32 = 0
  /// APSR.N is bit 31 of this; see `negative`.
  @exclusivity(unchecked) var negativeWord: UInt32 = 0
  /// APSR.Z is whether this is 0; see `zero`.
  @exclusivity(unchecked) var zeroWord: UInt32 = 1
  /// APSR.V is bit 31 of this; see `overflow`.
  @exclusivity(unchecked) var overflowWord: UInt32 = 0
  /// APSR.C.
  @exclusivity(unchecked) var carry = false
  /// APSR.Q.
  @exclusivity(unchecked) var saturated = false
  /// APSR.GE, four bits.
  @exclusivity(unchecked) var greaterOrEqual: UInt32 = 0
  /// EPSR.IT as in the architecture's ITSTATE: base condition in 7:4, mask in 3:0.
  @exclusivity(unchecked) var ifThenState: UInt32 = 0
  /// EPSR.T.
  @exclusivity(unchecked) var thumb = true
  /// IPSR: the exception that is being handled, 0 in Thread mode.
  @exclusivity(unchecked) var exceptionNumber = 0
  /// PRIMASK, FAULTMASK and BASEPRI.
  @exclusivity(unchecked) var exceptionMask = ExceptionMask()
  /// CONTROL: 0 nPRIV, 1 SPSEL, 2 FPCA.
  @exclusivity(unchecked) var control: UInt32 = 0

  // MARK: State

  /// What the core is doing.
  @exclusivity(unchecked) var state = State.inReset
  /// Processor clock cycles since power-on.
  @exclusivity(unchecked) var cycles: UInt64 = 0
  /// Of these, the cycles that the core spent in debug state or in reset.
  @exclusivity(unchecked) var standstillCycles: UInt64 = 0
  /// Instructions executed since power-on, those whose condition failed included.
  @exclusivity(unchecked) var executedInstructions: UInt64 = 0
  @exclusivity(unchecked) var timeBase = CycleTimeBase(hertz: CortexCore.resetHertz)

  /// The time at which the run that is under way ends.
  @exclusivity(unchecked) var runEnd: UInt64 = 0
  /// Whether the chip has entered Stop or Standby.
  @exclusivity(unchecked) var isInDeepSleep = false
  /// Whether the chip has stopped the core's clock, so that SysTick and the cycle counter stand still.
  @exclusivity(unchecked) var isClockStopped = false
  /// While `cycles` is below this, nothing but the next instruction is due.
  @exclusivity(unchecked) var cycleLimit: UInt64 = 0
  /// The bus holds the current instruction's access until this cycle.
  @exclusivity(unchecked) var stallEnd: UInt64 = 0
  /// The local exclusive monitor.
  @exclusivity(unchecked) var isExclusive = false
  /// The event register of WFE.
  @exclusivity(unchecked) var isEventRegistered = false
  /// What the last entry into a handler has stacked as return address.
  @exclusivity(unchecked) var stackedProgramCounter: UInt32 = 0
  /// The same for the last fault's handler; in lockup, where the core has locked up.
  @exclusivity(unchecked) var faultProgramCounter: UInt32 = 0
  /// The number of executed instructions at the last entry into a handler; `.max` once something else has happened.
  @exclusivity(unchecked) var freshEntry: UInt64 = .max

  // MARK: Decoded instructions and fast memory

  let decoder: Decoder
  let decodeCache: DecodeCache
  let blocks = CodeBlockTable()
  /// The block that executes; nil while none does, or once its state is settled.
  @exclusivity(unchecked) var blockInExecution: UnsafeMutablePointer<CodeBlock>?
  /// EPSR.IT as the instruction that executes found it.
  @exclusivity(unchecked) var instructionIfThenState: UInt32 = 0
  /// The times of the flash.
  let accelerator = FlashAccelerator()
  /// The present operation of an IT block, without what its condition takes away.
  let conditionalOperation = UnsafeMutablePointer<Operation>.allocate(capacity: 1)
  /// Whether protection, watchpoints or patches have to see every access.
  @exclusivity(unchecked) var isWatched = false
  /// A register that the bus promised to leave as it is.
  @exclusivity(unchecked) var steadyRead = SteadyRead()
  /// The watch on turns of loops, and when the next is due.
  @exclusivity(unchecked) var watch = LoopWatch()
  /// Whether turns of idle loops are skipped; only tests want each of them.
  @exclusivity(unchecked) var skipsIdleTurns = true
  /// What the bus has handed over.
  @exclusivity(unchecked) var fastMemory: [FastMemory] = []
  /// The same by address, for every access.
  let slots = FastSlots()
  /// Counts the occasions at which code may have changed: a block that was compared with memory before the last one has
  /// to be compared again.
  @exclusivity(unchecked) var codeGeneration: UInt64 = 1
  /// The code that the core itself may change.
  @exclusivity(unchecked) var writableCode = CodeRange()
  // MARK: Private peripherals

  @exclusivity(unchecked) var debug = DebugControl()
  @exclusivity(unchecked) var system = SystemControl()
  @exclusivity(unchecked) var interrupts: InterruptController
  @exclusivity(unchecked) var sysTick: SystemTimer
  @exclusivity(unchecked) var protection = MemoryProtection()
  @exclusivity(unchecked) var flashPatch = FlashPatch()
  @exclusivity(unchecked) var watchpoint = DataWatchpoint()
  @exclusivity(unchecked) var trace: TraceUnits
  /// The exception whose handler has been entered since instructions were executed last, where that is traced; else 0.
  @exclusivity(unchecked) var untracedEntry = 0
  /// The cycles of entering and leaving exceptions since the counters of the DWT were looked at.
  @exclusivity(unchecked) var exceptionCycles: UInt64 = 0
  /// What the ROM table says of who made the chip.
  var romTable: ComponentIdentification

  /// The processor clock after every reset: the 16 MHz internal oscillator.
  static let resetHertz: UInt64 = 16_000_000

  /// Makes a core that is held in reset, as at power-on; `releaseReset()` starts it.
  init(profile: CoreProfile, bus: any SystemBus, clock: VirtualClock) {
    self.profile = profile
    self.bus = bus
    self.clock = clock
    decoder = Decoder(profile)
    decodeCache = DecodeCache(decoder)
    conditionalOperation.initialize(to: Operation())
    interrupts = InterruptController(interruptLines: profile.interruptLines)
    sysTick = SystemTimer(calibration: profile.sysTickCalibration)
    trace = TraceUnits(profile)
    romTable = profile.romTableIdentification
  }

  deinit {
    registers.deallocate()
    floatRegisters.deallocate()
    decodeCache.deallocate()
    blocks.deallocate()
    conditionalOperation.deallocate()
    slots.deallocate()
  }

  // MARK: What the chip sees

  /// The processor clock (HCLK) in hertz; a change counts from the core's present cycle on.
  var hclkHertz: UInt64 {
    get { timeBase.hertz }
    set {
      drainTrace()
      timeBase.change(to: newValue, at: cycles)
      requestAttention()
    }
  }

  /// The core's own time in nanoseconds; it lies at or behind the clock's.
  var localNanoseconds: UInt64 { timeBase.nanoseconds(at: cycles) }

  /// Whether the core is in debug state.
  var isHalted: Bool { state == .halted }

  /// Whether the core is asleep.
  var isSleeping: Bool { state == .waitingForInterrupt || state == .waitingForEvent }

  /// Makes the non-maskable interrupt pending.
  func pendNonMaskableInterrupt() {
    interrupts.pending.set(exception: ExceptionNumber.nonMaskable, true)
    requestAttention()
  }

  /// An event from outside (RXEV): what WFE waits for.
  func sendEvent() {
    isEventRegistered = true
    requestAttention()
  }

  /// Drives an external interrupt line; a line that stays high makes its interrupt pending again after each handler.
  func setInterrupt(_ line: Int, pending: Bool) {
    interrupts.setLine(line, high: pending)
    requestAttention()
  }
}
extension CortexCore: PrivatePeripheralBus {}
