import Engine
import ProbeInterface
import SimProbe

/// Writes of 64 KiB that end at one of their USB transfers, and what is left of them.
///
/// Each is a bench of its own whose chip runs an old firmware. Afterwards the chip may hold the old firmware, the new one,
/// or none that could start; and the next write has to succeed.
struct InterruptedWrites {
  /// How a write ends.
  enum Interruption: String, CaseIterable, Sendable {
    /// The board loses its supply, and gets it back later.
    case powerCut = "power-cut"
    /// The probe is unplugged; the chip keeps its supply and goes on with what it has.
    case unplugged
  }

  /// How the flash is programmed.
  enum Method: String, CaseIterable, Sendable {
    case loader
    case direct
  }

  /// What an interrupted write has left in the flash.
  enum Remains: String, CaseIterable, Sendable {
    case oldFirmware = "the old firmware"
    case newFirmware = "the new one"
    case noFirmware = "none that starts"
  }

  /// What an interrupted write must not lead to.
  enum Harm: String, Error {
    case falseSuccess = "the write is called done, and the flash says otherwise"
    case halfFirmware = "a valid vector table with an incomplete image"
    case stillBroken = "the next write fails"
  }

  /// How many transfers a write has that nothing interrupts.
  let transferCount: Int
  private let interruption: Interruption
  private let method: Method
  private let chip: [UInt8]
  /// The time that a whole write takes: enough for whatever a part of one has set going.
  private let wholeTime: Duration

  private static let target = "stm32f407vg"
  private static let base: UInt32 = 0x0800_0000
  private static let flash = 0x0800_0000..<0x0810_0000 as Range<UInt32>
  private static let ram = 0x2000_0000...0x2002_0000 as ClosedRange<UInt32>
  private static let newFirmware = firmware(step: 7)
  private static let oldFirmware = firmware(step: 13)

  /// 64 KiB with a valid vector table, whose bytes are different at every offset from those of another step.
  private static func firmware(step: Int) -> [UInt8] {
    let start: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF]
    return start + (start.count..<65536).map { UInt8(truncatingIfNeeded: $0 * step ^ $0 >> 8) }
  }

  /// Writes once without an interruption, to know how many transfers and how long that takes.
  init(_ interruption: Interruption, _ method: Method) throws {
    self.interruption = interruption
    self.method = method
    chip = try InterruptedWrites.chipWithOldFirmware()
    let simulation = try InterruptedWrites.bench(chip, faults: [])
    let begin = simulation.time
    try InterruptedWrites.write(InterruptedWrites.newFirmware, method, over: simulation.probe)
    wholeTime = simulation.time - begin
    transferCount = simulation.device.transferCount
  }

  private static func chipWithOldFirmware() throws -> [UInt8] {
    let simulation = try Simulation(SimulationConfiguration(target: target))
    try write(oldFirmware, .loader, over: simulation.probe)
    return simulation.saveState()
  }

  /// A bench whose chip has been running its firmware for a while.
  private static func bench(_ chip: [UInt8], faults: [Fault]) throws -> Simulation {
    var configuration = SimulationConfiguration(target: target)
    configuration.state = chip
    configuration.faults = faults
    let simulation = try Simulation(configuration)
    simulation.run(for: .milliseconds(10))
    return simulation
  }

  private static func write(_ firmware: [UInt8], _ method: Method, over probe: any Probe) throws {
    guard let image = FirmwareImage(address: base, bytes: firmware) else { preconditionFailure("no image") }
    let session = TargetSession(probe: probe, options: SessionOptions(usesLoader: method == .loader))
    defer { session.close() }
    try session.open()
    try session.execute(try session.plan(writing: image, isToBeExecuted: true))
  }

  /// Interrupts a write at a transfer, looks at what is left, and writes again.
  func interrupt(at transfer: Int) throws -> Remains {
    let simulation = try InterruptedWrites.bench(chip, faults: [try fault(at: transfer)])
    let isDone = succeeds(over: simulation.probe)
    if isDone, flash(of: simulation) != InterruptedWrites.newFirmware { throw Harm.falseSuccess }
    simulation.run(for: interruption == .powerCut ? InterruptedWrites.outage : wholeTime)
    let remains = try remains(in: flash(of: simulation))
    simulation.device.plugIn()
    guard succeeds(over: SimulatedProbe(device: simulation.device)),
      flash(of: simulation) == InterruptedWrites.newFirmware
    else { throw Harm.stillBroken }
    return remains
  }

  /// Whether a write of the new firmware says that it is done.
  private func succeeds(over probe: any Probe) -> Bool {
    (try? InterruptedWrites.write(InterruptedWrites.newFirmware, method, over: probe)) != nil
  }

  /// How long the supply is away: longer than a program tries to get hold of the target again.
  private static let outage: Duration = .seconds(20)

  private func fault(at transfer: Int) throws -> Fault {
    switch interruption {
    case .powerCut:
      try Fault("brown-out=\(InterruptedWrites.outage.components.seconds * 1000)@transfer=\(transfer)")
    case .unplugged: try Fault("unplugged@transfer=\(transfer)")
    }
  }

  private func flash(of simulation: Simulation) -> [UInt8] {
    simulation.flashContents(0..<InterruptedWrites.newFirmware.count)
  }

  private func remains(in bytes: [UInt8]) throws -> Remains {
    if bytes == InterruptedWrites.newFirmware { return .newFirmware }
    if bytes == InterruptedWrites.oldFirmware { return .oldFirmware }
    let (stack, entry) = (word(bytes, 0), word(bytes, 4))
    let isValid = InterruptedWrites.ram.contains(stack) && InterruptedWrites.flash.contains(entry) && entry & 1 != 0
    if isValid { throw Harm.halfFirmware }
    return .noFirmware
  }

  private func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) }
  }
}
