import LinkInterface

@testable import SimProbe

/// A simulated board with its probe, the way to look into the chip behind the engine's back, and something that can go
/// wrong at any batch of transfers.
final class SimulatedBench {
  let simulation: Simulation

  /// What happens to the board before a batch, by the batch's number from 1.
  enum Mishap {
    case unplug
    case openJumpers
    case closeJumpers
    case cutPower
    case change(offset: Int, to: UInt8)
    case overwriteRAM(Range<UInt32>, with: UInt32)
    case pulseReset
    case request(Interruption)
  }

  var mishaps: [Int: Mishap] = [:]
  private(set) var batchCount = 0

  init(_ target: String, _ configure: (inout SimulationConfiguration) throws -> Void = { _ in }) throws {
    var configuration = SimulationConfiguration(target: target)
    try configure(&configuration)
    simulation = try Simulation(configuration)
  }

  private var chip: Chip { simulation.board.chip }

  /// The probe, as a program that opens it gets it.
  func probe() -> any USBDevice {
    MishapProbe(SimulatedProbe(device: simulation.device), bench: self)
  }

  /// What went out over the cable.
  fileprivate(set) var sent: [[UInt8]] = []

  /// Whether any command so far has written to the target's memory (WRITEMEM_32BIT, _8BIT, _16BIT, WRITEDEBUGREG).
  var hasWritten: Bool {
    sent.contains { $0.count == 16 && $0[0] == 0xF2 && [0x08, 0x0D, 0x48, 0x35].contains($0[1]) }
  }

  /// How often WRITEMEM_32BIT has written from an address on.
  func writeCount(at address: UInt32) -> Int {
    let place = (0..<4).map { UInt8(truncatingIfNeeded: address >> ($0 * 8)) }
    return sent.count { $0.count == 16 && $0[0] == 0xF2 && $0[1] == 0x08 && Array($0[2..<6]) == place }
  }

  /// All of the main flash's cells.
  var flash: [UInt8] { cells(0..<chip.flash.main.byteCount) }

  /// A part of the main flash's cells.
  func cells(_ range: Range<Int>) -> [UInt8] { chip.flash.main.contents(range) }

  func setCells(at offset: Int, _ bytes: [UInt8]) { chip.flash.main.replace(at: offset, with: bytes) }

  /// Whether probe and chip are connected.
  var areJumpersClosed: Bool { simulation.board.areJumpersClosed }

  /// Whether FLASH_CR is locked with nothing selected.
  var isLockedAndIdle: Bool { chip.flash.control.rawValue & 0x7FFF_FFFF == 0 && !chip.flash.controlLock.isUnlocked }

  /// Which times each 16 KiB have been erased.
  var eraseCounts: [UInt32] { chip.flash.eraseCounts }

  /// Stores option bytes and loads them, as a programmer and a power cycle would have.
  func setOptions(user: UInt16? = nil, protection: UInt16? = nil, protectionOfBank2: UInt16? = nil) {
    if let user { chip.flash.storedOptions.user = user }
    if let protection { chip.flash.storedOptions.writeProtect = protection }
    if let protectionOfBank2 { chip.flash.storedOptions.writeProtect2 = protectionOfBank2 }
    simulation.board.cyclePower()
    simulation.clock.advance(by: 100_000_000)
  }

  /// Stores write protection, which the next reset loads.
  func store(protection: UInt16) { chip.flash.storedOptions.writeProtect = protection }

  func setSupply(_ millivolts: Int) { simulation.board.changeSupply { $0.regulatorMillivolts = millivolts } }

  /// Somebody presses the reset button.
  func pulseReset() {
    simulation.board.driveReset(low: true)
    simulation.board.driveReset(low: false)
  }

  fileprivate func beginBatch() {
    batchCount += 1
    switch mishaps[batchCount] {
    case .unplug: simulation.device.unplug()
    case .openJumpers: simulation.board.areJumpersClosed = false
    case .closeJumpers: simulation.board.areJumpersClosed = true
    case .cutPower: simulation.board.changeSupply { $0.regulatorMillivolts = 0 }
    case .change(let offset, let byte): setCells(at: offset, [byte])
    case .overwriteRAM(let range, let word):
      for address in stride(from: range.lowerBound, to: range.upperBound, by: 4) {
        _ = chip.bus.write(address, word, .word, by: .debugger)
      }
    case .pulseReset: pulseReset()
    case .request(let interruption): interruption.request()
    case nil: break
    }
  }
}

/// A probe that tells the bench of each batch before it runs.
private final class MishapProbe: USBDevice {
  private let probe: SimulatedProbe
  private let bench: SimulatedBench

  init(_ probe: SimulatedProbe, bench: SimulatedBench) {
    self.probe = probe
    self.bench = bench
  }

  var identity: USBIdentity { probe.identity }
  var clock: any LinkClock { probe.clock }

  func perform(_ transfers: [Transfer], by deadline: Deadline) throws(LinkError) -> [[UInt8]] {
    bench.beginBatch()
    for case .bulkOut(_, let bytes) in transfers { bench.sent.append(bytes) }
    return try probe.perform(transfers, by: deadline)
  }

  func clearStall(on endpoint: Endpoint) throws(LinkError) { try probe.clearStall(on: endpoint) }
  func reset() throws(LinkError) { try probe.reset() }
  func close() { probe.close() }
}
