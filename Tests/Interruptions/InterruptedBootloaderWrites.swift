import Engine
import LinkInterface
import SimProbe

/// Writes by a chip's ROM bootloader that end at one of their characters, or of their USB requests, and what is left of them;
/// judged as `InterruptedWrites` judges those by a probe.
struct InterruptedBootloaderWrites {
  /// By which of its interfaces a bootloader is reached.
  enum Way {
    /// A serial port: each character in both directions is a step.
    case serial
    /// USB: each request is a step.
    case dfu
  }

  typealias Interruption = InterruptedWrites.Interruption
  typealias Remains = InterruptedWrites.Remains
  typealias Harm = InterruptedWrites.Harm

  /// How many steps a write has that nothing interrupts.
  let stepCount: Int
  private let way: Way
  private let interruption: Interruption
  private let chip: [UInt8]
  /// When a write begins, and how long it takes.
  private let begin: Duration
  private let wholeTime: Duration

  private static let target = "stm32f446re"
  private static let baudRate = 1_000_000
  /// How long the supply is away.
  private static let outage: Duration = .seconds(20)
  private static let old = firmware(step: 14)
  private static let new = firmware(step: 6)

  /// A program in two sectors: its table and a little more, and the rest of it.
  private static func firmware(step: Int) -> [(address: UInt32, bytes: [UInt8])] {
    let data = { (count: Int) in (0..<count).map { UInt8(truncatingIfNeeded: $0 * step ^ $0 >> 8) | 1 } }
    return [
      (0x0800_0000, [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08] + data(280)), (0x0800_4000, data(100)),
    ]
  }

  /// Writes once without an interruption, to know how many steps and how long that takes.
  init(_ interruption: Interruption, by way: Way) throws {
    self.interruption = interruption
    self.way = way
    let empty = try Self.bench(nil, faults: [])
    try Link(way, in: empty).write(Self.old)
    chip = empty.saveState()
    let simulation = try Self.bench(chip, faults: [])
    begin = simulation.time
    let link = try Link(way, in: simulation)
    try link.write(Self.new)
    wholeTime = simulation.time - begin
    stepCount = link.count()
  }

  /// The way to a bootloader, which ends after so many steps.
  private struct Link {
    let target: BootloaderTarget
    let count: () -> Int

    init(_ way: Way, in simulation: Simulation, after limit: Int = .max) throws {
      switch way {
      case .serial:
        let line = EndingLine(simulation.makeSerialLine(), after: limit)
        target = BootloaderTarget(line: line, baudRate: baudRate)
        count = { line.count }
      case .dfu:
        guard let device = simulation.openBoardUSB(within: .seconds(2)) else { throw Harm.stillBroken }
        let ending = EndingDevice(device, after: limit)
        target = BootloaderTarget(dfu: ending)
        count = { ending.count }
      }
    }

    func write(_ firmware: [(address: UInt32, bytes: [UInt8])]) throws {
      let image = try FirmwareImage(
        joining: firmware.compactMap { FirmwareImage.Segment(address: $0.address, bytes: $0.bytes) })
      defer { target.close(leaving: nil) }
      try target.open()
      let plan = try target.plan(
        writing: image, with: ImageParts(), PlanOptions(keepsOtherBytes: false), permitting: OptionPermissions())
      try target.execute(plan, verifies: true, permitting: OptionPermissions())
    }
  }

  private static func bench(_ chip: [UInt8]?, faults: [Fault]) throws -> Simulation {
    var configuration = SimulationConfiguration(target: target)
    configuration.bootMemory = .system
    configuration.state = chip
    configuration.faults = faults
    return try Simulation(configuration)
  }

  /// Interrupts a write at a step, looks at what is left, and writes again.
  func interrupt(at step: Int) throws -> Remains {
    // The steps of a write are nearly evenly spread over its time, but for the erases.
    let time = begin + wholeTime * step / stepCount
    let nanoseconds = time.components.seconds * 1_000_000_000 + time.components.attoseconds / 1_000_000_000
    let cut = try Fault("brown-out=\(Self.outage.components.seconds * 1000)@time=\(nanoseconds)ns")
    let simulation = try Self.bench(chip, faults: interruption == .powerCut ? [cut] : [])
    let link = try? Link(way, in: simulation, after: interruption == .powerCut ? .max : step)
    let isDone = (try? link?.write(Self.new)) != nil
    if isDone, !isPresent(Self.new, in: simulation) { throw Harm.falseSuccess }
    simulation.run(for: interruption == .powerCut ? Self.outage + .seconds(1) : wholeTime)
    let remains = try remains(in: simulation)
    if succeeds(in: simulation) { return remains }
    // A host that goes away between an erase and its list leaves a bootloader that takes what comes next for the length of a
    // list of 32,640 sectors, and says nothing until then: it has to be reset, as the failure says.
    guard try succeeds(in: Self.bench(simulation.saveState(), faults: [])) else { throw Harm.stillBroken }
    return remains
  }

  /// Whether a write succeeds, and the chip holds it then.
  private func succeeds(in simulation: Simulation) -> Bool {
    (try? Link(way, in: simulation).write(Self.new)) != nil && isPresent(Self.new, in: simulation)
  }

  private func remains(in simulation: Simulation) throws -> Remains {
    if isPresent(Self.new, in: simulation) { return .newFirmware }
    if isPresent(Self.old, in: simulation) { return .oldFirmware }
    let head = simulation.flashContents(0..<8)
    // Stack pointer in RAM, reset handler odd and in the flash.
    if head[2...3] == [0x00, 0x20], head[7] == 0x08, head[4] & 1 != 0 { throw Harm.halfFirmware }
    return .noFirmware
  }

  private func isPresent(_ firmware: [(address: UInt32, bytes: [UInt8])], in simulation: Simulation) -> Bool {
    firmware.allSatisfy { address, bytes in
      let start = Int(address & 0xF_FFFF)
      return simulation.flashContents(start..<start + bytes.count) == bytes
    }
  }
}

/// A line whose adapter is unplugged after so many characters, in both directions.
private final class EndingLine: SerialLine {
  private let line: any SerialLine
  private let limit: Int
  private(set) var count = 0

  init(_ line: any SerialLine, after limit: Int) {
    self.line = line
    self.limit = limit
  }

  var identity: SerialIdentity { line.identity }
  var clock: any LinkClock { line.clock }
  var settings: SerialSettings { line.settings }

  func configure(_ settings: SerialSettings) throws(SerialError) { try line.configure(settings) }

  func send(_ bytes: [UInt8], by deadline: Deadline) throws(SerialError) {
    let passing = min(bytes.count, limit - count)
    try line.send(Array(bytes.prefix(passing)), by: deadline)
    count += passing
    if passing < bytes.count { throw SerialError(.gone, port: identity.name) }
  }

  func receive(_ byteCount: Int, by deadline: Deadline) throws(SerialError) -> [UInt8] {
    guard count + byteCount <= limit else { throw SerialError(.gone, port: identity.name) }
    let bytes = try line.receive(byteCount, by: deadline)
    count += bytes.count
    return bytes
  }

  func discardInput() throws(SerialError) { try line.discardInput() }
  func drive(_ control: ControlLine, active: Bool) throws(SerialError) { try line.drive(control, active: active) }
  func sendBreak(for duration: Duration) throws(SerialError) { try line.sendBreak(for: duration) }
  func close() { line.close() }
}

/// A device whose cable is pulled after so many transfers.
private final class EndingDevice: USBDevice {
  private let device: any USBDevice
  private let limit: Int
  private(set) var count = 0

  init(_ device: any USBDevice, after limit: Int) {
    self.device = device
    self.limit = limit
  }

  var identity: USBIdentity { device.identity }
  var clock: any LinkClock { device.clock }

  func perform(_ transfers: [Transfer], by deadline: Deadline) throws(LinkError) -> [[UInt8]] {
    guard count + transfers.count <= limit else { throw LinkError(.gone) }
    count += transfers.count
    return try device.perform(transfers, by: deadline)
  }

  func clearStall(on endpoint: Endpoint) throws(LinkError) { try device.clearStall(on: endpoint) }
  func reset() throws(LinkError) { try device.reset() }
  func close() { device.close() }
}
