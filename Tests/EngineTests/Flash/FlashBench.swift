import TestSupport

@testable import Engine

/// A fake target with everything that a session would put around it.
struct FlashBench {
  let target: FakeTarget
  let device: Device
  let protection: ProtectionState
  var supply: SupplyConditions
  let events: EventLog

  final class EventLog {
    var events: [FlashEvent] = []
  }

  init(_ chip: FakeTarget.Chip = FakeTarget.Chip()) throws {
    target = FakeTarget(chip)
    device = try DeviceIdentification.identify(
      over: target, override: DeviceOverride(), reads: .ofResetChip(target))
    protection = try ProtectionState.read(over: target, device: device)
    supply = SupplyConditions(
      millivolts: chip.millivolts, hasProgrammingVoltage: chip.hasProgrammingVoltage)
    events = EventLog()
  }

  var limits: FlashLimits { FlashLimits(device: device, protection: protection) }

  var controller: FlashController { FlashController(access: target, map: device.sectorMap) }

  var reader: FlashReader { FlashReader(access: target) { events.events.append($0) } }

  func planner() throws -> FlashPlanner {
    FlashPlanner(
      limits: limits, parallelism: try supply.parallelism().0, timing: .standard,
      contents: FlashContents(reader: reader))
  }

  func plan(_ image: FirmwareImage, _ options: PlanOptions = PlanOptions()) throws -> FlashPlan {
    try planner().plan(writing: image, options)
  }

  func execute(_ plan: FlashPlan, verifies: Bool = true) throws {
    try Programmer(controller: controller, worker: DirectProgrammer(controller: controller)) {
      events.events.append($0)
    }.execute(plan, verifies: verifies)
  }

  func write(_ image: FirmwareImage, _ options: PlanOptions = PlanOptions()) throws {
    try execute(try plan(image, options))
  }

  /// Puts bytes into the flash behind everybody's back.
  func fill(_ range: Range<UInt32>, _ random: inout SeededGenerator) {
    let start = Int(range.lowerBound - 0x0800_0000)
    target.flash.replaceSubrange(start..<start + range.count, with: random.bytes(range.count))
  }

  /// The first two words of the flash, as the core would load them.
  var vectors: [UInt8] { Array(target.flash[0..<8]) }
}

enum TestImages {
  /// A firmware of `byteCount` bytes at the start of the flash, with a plausible vector table.
  static func firmware(_ byteCount: Int, seed: UInt64) throws -> FirmwareImage {
    var random = SeededGenerator(seed: seed)
    var bytes = random.bytes(byteCount)
    bytes.replaceSubrange(0..<8, with: [0x00, 0x80, 0x00, 0x20, 0x01, 0x02, 0x00, 0x08])
    return try image((0x0800_0000, bytes))
  }

  static func image(_ pieces: (UInt32, [UInt8])...) throws -> FirmwareImage {
    try FirmwareImage(joining: pieces.compactMap { FirmwareImage.Segment(address: $0.0, bytes: $0.1) })
  }

  /// Up to four pieces anywhere in a flash of `byteCount` bytes, of 1 to 3000 bytes each, some of them blank.
  static func scattered(in byteCount: Int, _ random: inout SeededGenerator) throws -> FirmwareImage {
    var content: [UInt32: UInt8] = [:]
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let size = Int.random(in: 1...3000, using: &random)
      let start = Int.random(in: 0...(byteCount - size), using: &random)
      let isBlank = Int.random(in: 0..<6, using: &random) == 0
      for (offset, byte) in random.bytes(size).enumerated() {
        content[0x0800_0000 + UInt32(start + offset)] = isBlank ? 0xFF : byte
      }
    }
    let pieces = content.sorted { $0.key < $1.key }.compactMap {
      FirmwareImage.Segment(address: $0.key, bytes: [$0.value])
    }
    return try FirmwareImage(joining: pieces)
  }
}

extension FlashReads {
  /// The reads of a chip whose clock is that of a reset.
  static func ofResetChip(_ target: FakeTarget) -> FlashReads {
    FlashReads(target, millivolts: nil, isAtReset: true, isHeld: true, reset: nil, warn: { _ in })
  }
}
