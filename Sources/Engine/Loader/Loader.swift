import Basics
import Failures
import LinkInterface

/// The flash loader at work: code in the target's SRAM that carries out commands from a ring, which the host keeps full.
///
/// It has the core, halted right after a reset before, from its start to `stop`; so long it serves whoever has work for it.
final class Loader {
  /// The core's clock after a reset: HSI (RM0090, 6.2.2), within 1 % at room temperature.
  static let coreHertz: Int64 = 16_000_000

  let access: any DebugAccess
  let core: CoreControl
  let memory: LoaderMemory
  var ring: LoaderRing
  /// How many commands have been carried out since the start.
  var count = 0
  /// When the loader was last asked how far it is.
  var lastLook = Duration.zero
  /// How much is sent at once.
  var pieceByteCount = Loader.smallestPiece
  /// How quickly the link takes what is sent.
  var linkPace = LinkPace()
  /// What the loader remembers of what was packed.
  var packer = LoaderPacker()
  /// Whether it has been started and not been stopped.
  private(set) var isStarted = false
  /// xPSR from which it starts.
  private let initialStatus: UInt32
  private var foundMonitorControl = DEMCR.clean
  private var foundCycleCounter: CycleCounterControl?

  private init(_ access: any DebugAccess, _ memory: LoaderMemory, _ initialStatus: UInt32) {
    self.initialStatus = initialStatus
    self.access = access
    self.memory = memory
    core = CoreControl(access)
    ring = LoaderRing(memory.ring)
  }

  /// Puts the loader into the target's RAM, starts it and has it sum its own code, which shows that all of it works.
  ///
  /// - Parameters:
  ///   - code: the machine words of the loader of the chip's family.
  ///   - ramByteCount: the length of the gap-free RAM that it may use.
  ///   - exception: the number of the exception in which the core stands, which nobody may change; 0 for none.
  /// - Throws: `LoaderRefusal` when it does not work; the core is halted then.
  static func start(
    _ access: any DebugAccess, code: [UInt32], ramByteCount: Int, exception: UInt32 = 0
  ) throws(LoaderRefusal) -> Loader {
    guard let memory = LoaderMemory(code: code, ramByteCount: ramByteCount) else {
      throw .tooLittleRAM(byteCount: ramByteCount)
    }
    let loader = Loader(access, memory, LoaderMemory.initialStatus | exception)
    try loader.load(code)
    do throws(LoaderRefusal) {
      try loader.run()
      try loader.tryOut()
    } catch {
      do throws(DebugError) { try loader.stop() } catch let second { throw .target(second) }
      throw error
    }
    return loader
  }

  /// Whether the core still runs what was started: it has neither been halted, as by ten seconds of silence, nor been reset
  /// since it was last looked at.
  func isRunning() throws(DebugError) -> Bool {
    let dhcsr = try access.read(DHCSR.self)
    return !dhcsr[.reset] && !dhcsr[.halted] && !dhcsr[.lockedUp]
  }

  /// Ends the loader and gives the debug unit back as it was; the core is halted then.
  func stop() throws(DebugError) {
    guard isStarted else { return }
    try core.halt()
    if let foundCycleCounter { try access.write(foundCycleCounter) }
    try access.write(foundMonitorControl)
    isStarted = false
  }

  // MARK: - Times

  /// What a number of cycles takes.
  static func duration(cycles: UInt32) -> Duration {
    .nanoseconds(Int64(cycles) * 1_000_000_000 / coreHertz)
  }

  /// How long summing takes: some seven cycles a word.
  static func timeToSum(byteCount: Int) -> FlashTiming.Bounds {
    let typical = duration(cycles: UInt32(byteCount / 4 * 7))
    return FlashTiming.Bounds(typical: typical, maximum: typical * 4 + .milliseconds(100))
  }

  // MARK: - Starting

  /// Writes code and parameters and compares what the RAM holds then.
  private func load(_ code: [UInt32]) throws(LoaderRefusal) {
    let bytes = (code + memory.initialParameters).flatMap(\.littleEndianBytes)
    let last = memory.ring.upperBound - 4
    let found: [UInt8]
    let mark: UInt32
    do throws(DebugError) {
      try access.writeMemory(bytes, at: LoaderMemory.base)
      // The far end of the ring shows whether the RAM is as long as it is said to be.
      try access.writeWord(LoaderMemory.mark, at: last)
      found = try access.readMemory(at: LoaderMemory.base, byteCount: bytes.count)
      mark = try access.readWord(at: last)
    } catch {
      throw .target(error)
    }
    if let offset = zip(bytes, found).enumerated().first(where: { $0.element.0 != $0.element.1 })?.offset {
      throw .memoryFails(at: LoaderMemory.base + UInt32(offset))
    }
    if mark != LoaderMemory.mark { throw .memoryFails(at: last) }
  }

  /// Lets the core run the loader: thread mode, privileged, everything masked, whatever state it was in.
  ///
  /// Faults and resets are caught, so that the core never runs from a flash that is being changed.
  private func run() throws(LoaderRefusal) {
    do throws(DebugError) {
      foundMonitorControl = try access.read(DEMCR.self)
      isStarted = true
      var control = foundMonitorControl
      control[.catchReset] = true
      control[.catchHardFault] = true
      control[.traceEnable] = true
      try access.write(control)
      var cycleCounter = try access.read(CycleCounterControl.self)
      foundCycleCounter = cycleCounter
      cycleCounter[.countsCycles] = true
      try access.write(cycleCounter)
      var clocks = try access.read(AHB1ClockEnable.self)
      clocks[.checksumUnit] = true
      try access.write(clocks)
      try access.writeCoreRegister(.control, LoaderMemory.initialControl)
      try access.writeCoreRegister(.xPSR, initialStatus)
      try access.writeCoreRegister(.general(0), memory.parameters)
      try access.writeCoreRegister(.programCounter, LoaderMemory.base)
      // Reads away the reset that has brought the core here: the next one counts.
      _ = try access.read(DHCSR.self)
      try core.run(maskingInterrupts: true)
    } catch {
      throw .target(error)
    }
  }

  /// Has the loader sum its own code.
  private func tryOut() throws(LoaderRefusal) {
    let code = LoaderMemory.base..<memory.parameters
    let job = LoaderJob(
      command: .sum(code), action: "trying out the RAM loader", time: Loader.timeToSum(byteCount: code.count))
    let sums: [UInt32]
    do throws(FlashError) {
      sums = try perform([job])
    } catch {
      if case .access(let error, _) = error.cause { throw .target(error) }
      if case .interrupted = error.cause { throw .target(.interrupted) }
      throw .noAnswer(error.report.summary)
    }
    guard sums == [ChecksumUnit.sum(of: LoaderCode.words.flatMap(\.littleEndianBytes))] else {
      throw .noAnswer("its sum of its own code is wrong")
    }
  }
}

/// DWT_CTRL (ARMv7-M, C1.8.7).
struct CycleCounterControl: Register32 {
  static let name = "DWT_CTRL"
  static let address: UInt32 = 0xE000_1000
  var rawValue: UInt32

  static var fields: [FieldInfo] { [Field<CycleCounterControl, Bool>.countsCycles.info] }
}

extension Field where Register == CycleCounterControl, Value == Bool {
  /// CYCCNTENA: CYCCNT counts the core's cycles.
  static var countsCycles: Self { Self("CYCCNTENA", 0) }
}
