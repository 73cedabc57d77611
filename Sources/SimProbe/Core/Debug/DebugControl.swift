/// DHCSR's control half (ARMv7-M, C1.6.2).
struct HaltingControl: OptionSet {
  let rawValue: UInt32

  /// C_DEBUGEN: halting debug is on.
  static let debugEnable = HaltingControl(rawValue: 1 << 0)
  /// C_HALT: stop, or stay stopped.
  static let halt = HaltingControl(rawValue: 1 << 1)
  /// C_STEP: when C_HALT falls, execute one instruction and stop again.
  static let step = HaltingControl(rawValue: 1 << 2)
  /// C_MASKINTS: hold off PendSV, SysTick and external interrupts.
  static let maskInterrupts = HaltingControl(rawValue: 1 << 3)
  /// C_SNAPSTALL: let a stalled load or store complete so that the core can halt.
  static let snapStall = HaltingControl(rawValue: 1 << 5)

  /// The bits that exist.
  static let implemented: HaltingControl = [.debugEnable, .halt, .step, .maskInterrupts, .snapStall]
}

/// DHCSR's status half; it reads where writes carry the key.
struct HaltingStatus: OptionSet {
  let rawValue: UInt32

  /// S_REGRDY: the register transfer through DCRSR is complete.
  static let registerReady = HaltingStatus(rawValue: 1 << 16)
  /// S_HALT: in debug state.
  static let halted = HaltingStatus(rawValue: 1 << 17)
  /// S_SLEEP: asleep after WFI, WFE or sleep-on-exit.
  static let sleeping = HaltingStatus(rawValue: 1 << 18)
  /// S_LOCKUP: locked up.
  static let lockedUp = HaltingStatus(rawValue: 1 << 19)
  /// S_RETIRE_ST: an instruction completed since the last read.
  static let retired = HaltingStatus(rawValue: 1 << 24)
  /// S_RESET_ST: the core is in reset, or was since the last read.
  static let wasReset = HaltingStatus(rawValue: 1 << 25)
}

/// DEMCR (ARMv7-M, C1.6.5).
struct ExceptionMonitorControl: OptionSet {
  let rawValue: UInt32

  static let catchReset = ExceptionMonitorControl(rawValue: 1 << 0)
  static let catchMemoryManagement = ExceptionMonitorControl(rawValue: 1 << 4)
  static let catchNoCoprocessor = ExceptionMonitorControl(rawValue: 1 << 5)
  static let catchChecking = ExceptionMonitorControl(rawValue: 1 << 6)
  static let catchState = ExceptionMonitorControl(rawValue: 1 << 7)
  static let catchBus = ExceptionMonitorControl(rawValue: 1 << 8)
  static let catchEntryAndReturn = ExceptionMonitorControl(rawValue: 1 << 9)
  static let catchHardFault = ExceptionMonitorControl(rawValue: 1 << 10)
  static let monitorEnable = ExceptionMonitorControl(rawValue: 1 << 16)
  static let monitorPend = ExceptionMonitorControl(rawValue: 1 << 17)
  static let monitorStep = ExceptionMonitorControl(rawValue: 1 << 18)
  static let monitorRequest = ExceptionMonitorControl(rawValue: 1 << 19)
  /// TRCENA: DWT, ITM, ETM and TPIU have their clock.
  static let traceEnable = ExceptionMonitorControl(rawValue: 1 << 24)

  /// MON_*: the part that a reset of the core clears.
  static let monitor: ExceptionMonitorControl = [.monitorEnable, .monitorPend, .monitorStep, .monitorRequest]
  /// The bits that exist.
  static let implemented = ExceptionMonitorControl(rawValue: 0x010F_07F1)
}

/// DFSR: why the core halted (ARMv7-M, B3.2.16); a bit clears by writing 1 to it.
struct DebugFaultStatus: OptionSet {
  let rawValue: UInt32

  /// A halt request or a step.
  static let halted = DebugFaultStatus(rawValue: 1 << 0)
  /// A BKPT instruction or a comparator of the FPB.
  static let breakpoint = DebugFaultStatus(rawValue: 1 << 1)
  /// A comparator of the DWT.
  static let watchpoint = DebugFaultStatus(rawValue: 1 << 2)
  /// A vector catch.
  static let vectorCatch = DebugFaultStatus(rawValue: 1 << 3)
  /// The external debug request.
  static let external = DebugFaultStatus(rawValue: 1 << 4)
}

/// The debug registers of the system control space, which outlive a system reset.
struct DebugControl {
  /// A watchpoint matched during the current instruction.
  var isWatchpointHit = false
  /// A fault that DEMCR catches is on its way to its handler.
  var isVectorCatchDue = false
  /// DHCSR's control bits.
  var control: HaltingControl = []
  /// DEMCR.
  var monitor: ExceptionMonitorControl = []
  /// DFSR.
  var faultStatus: DebugFaultStatus = []
  /// DCRDR.
  var transferData: UInt32 = 0
  /// S_RETIRE_ST.
  var hasRetired = false
  /// S_RESET_ST.
  var wasReset = true

  /// What DHCSR must carry in bits 31:16 for a write to count.
  static let key: UInt32 = 0xA05F

  /// Whether a debug event of this kind halts the core.
  func catches(_ event: ExceptionMonitorControl) -> Bool {
    control.contains(.debugEnable) && !monitor.isDisjoint(with: event)
  }

  /// What a reset of the core changes: C_HALT and the monitor's bits; everything else waits for the next power-on.
  ///
  /// Source: Cortex-M3 TRM, DHCSR ("the C_HALT bit always clears on a system reset") and DEMCR.
  mutating func reset() {
    control.subtract([.halt, .snapStall])
    monitor.subtract(.monitor)
    wasReset = true
    hasRetired = false
    (isWatchpointHit, isVectorCatchDue) = (false, false)
  }
}
