import Engine
import LinkInterface
import SimProbe

/// Writes that end at one of their USB transfers, and what is left of them.
///
/// Each is a bench of its own whose chip runs an old firmware. Afterwards the chip may hold the old firmware, the new one,
/// or none that could start: wherever a valid vector table is, all of its program is there, too. And the next write has to
/// succeed.
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
    case oneProgram = "one whole program of two"
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
  private let old: FlashLayout.Firmware
  private let new: FlashLayout.Firmware
  private let chip: [UInt8]
  /// The time that a whole write takes: enough for whatever a part of one has set going.
  private let wholeTime: Duration

  private static let target = "stm32f407vg"
  private static let base: UInt32 = 0x0800_0000
  private static let flash = 0x0800_0000..<0x0810_0000 as Range<UInt32>
  private static let ram = 0x2000_0000...0x2002_0000 as ClosedRange<UInt32>
  /// All that a firmware of any layout reaches into.
  private static let seen = 0..<0x1_0000

  /// Writes once without an interruption, to know how many transfers and how long that takes.
  init(_ interruption: Interruption, _ method: Method, _ layout: FlashLayout = .plain) throws {
    self.interruption = interruption
    self.method = method
    old = layout.firmware(step: 14, isNew: false)
    new = layout.firmware(step: 6, isNew: true)
    chip = try InterruptedWrites.chip(with: old)
    let simulation = try InterruptedWrites.bench(chip, faults: [])
    let begin = simulation.time
    try InterruptedWrites.write(new, method, over: simulation.probe)
    wholeTime = simulation.time - begin
    transferCount = simulation.device.transferCount
  }

  private static func chip(with firmware: FlashLayout.Firmware) throws -> [UInt8] {
    let simulation = try Simulation(SimulationConfiguration(target: target))
    try write(firmware, .loader, over: simulation.probe)
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

  private static func write(_ firmware: FlashLayout.Firmware, _ method: Method, over probe: any USBDevice) throws {
    let image = try FirmwareImage(
      joining: firmware.pieces.compactMap {
        FirmwareImage.Segment(address: base + UInt32($0.offset), bytes: $0.bytes)
      })
    let session = TargetSession(probe: probe, options: SessionOptions(usesLoader: method == .loader))
    defer { session.close() }
    try session.open()
    try session.execute(try session.plan(writing: image, isToBeExecuted: true))
  }

  /// Interrupts a write at a transfer, looks at what is left, and writes again.
  func interrupt(at transfer: Int) throws -> Remains {
    let simulation = try InterruptedWrites.bench(chip, faults: [try fault(at: transfer)])
    let isDone = succeeds(over: simulation.probe)
    if isDone, !new.isPresent(in: flash(of: simulation)) { throw Harm.falseSuccess }
    simulation.run(for: interruption == .powerCut ? InterruptedWrites.outage : wholeTime)
    let remains = try remains(in: flash(of: simulation))
    simulation.device.plugIn()
    guard succeeds(over: SimulatedProbe(device: simulation.device)),
      new.isPresent(in: flash(of: simulation))
    else { throw Harm.stillBroken }
    return remains
  }

  /// Whether a write of the new firmware says that it is done.
  private func succeeds(over probe: any USBDevice) -> Bool {
    (try? InterruptedWrites.write(new, method, over: probe)) != nil
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
    simulation.flashContents(InterruptedWrites.seen)
  }

  private func remains(in flash: [UInt8]) throws -> Remains {
    if new.isPresent(in: flash) { return .newFirmware }
    if old.isPresent(in: flash) { return .oldFirmware }
    let tables = Set((old.programs + new.programs).map(\.table)).filter { isValid(tableAt: $0, in: flash) }
    for table in tables where !isWhole(programAt: table, in: flash) { throw Harm.halfFirmware }
    return tables.isEmpty ? .noFirmware : .oneProgram
  }

  private func isValid(tableAt offset: Int, in flash: [UInt8]) -> Bool {
    let (stack, entry) = (word(flash, offset), word(flash, offset + 4))
    return InterruptedWrites.ram.contains(stack) && InterruptedWrites.flash.contains(entry) && entry & 1 != 0
  }

  /// Whether the old program or the new one that starts from a table is there with all of its pieces.
  private func isWhole(programAt table: Int, in flash: [UInt8]) -> Bool {
    [old, new].contains { firmware in
      firmware.programs.contains { program in
        program.table == table && program.pieces.allSatisfy { firmware.isPresent(piece: $0, in: flash) }
      }
    }
  }

  private func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) }
  }
}
