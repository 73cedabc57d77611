import Basics
import Testing

@testable import Engine
@testable import SimProbe

/// Every field of every die, set by name, and read back behind the engine's back: from the cells of the option sector, and
/// from the registers that the next reset loads.
@Suite("Every field of every die")
struct EveryFieldTests {
  /// A chip of each die; of those whose flash is cut by DB1M the one with 1 MiB.
  static let targets = [
    "stm32f207zg", "stm32f407vg", "stm32f429zg", "stm32f446re", "stm32f401cc", "stm32f411re", "stm32f401re",
    "stm32f469ig", "stm32f412zg", "stm32f410rb", "stm32f413zh",
  ]

  /// A program that runs, so that nothing else is odd about the chip.
  private static let program: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF]

  private func bench(_ target: String) throws -> SimulatedBench {
    let bench = try SimulatedBench(target)
    bench.setCells(at: 0, Self.program)
    return bench
  }

  private func change(_ bench: SimulatedBench, _ texts: String..., permissions: OptionPermissions = OptionPermissions())
    throws -> OptionPlan
  {
    let session = TargetSession(probe: bench.probe())
    defer { session.close() }
    try session.open()
    let plan = try session.plan(changing: try texts.map { try OptionAssignment($0) })
    try session.execute(plan, permitting: permissions)
    return plan
  }

  /// What the option sector holds in a field, by the reference's places.
  private func cells(_ row: ReferenceRow, _ bench: SimulatedBench) throws -> UInt32 {
    let stored = bench.simulation.board.chip.flash.storedOptions
    let word: UInt16 =
      switch row["address"] {
      case "0x1FFFC000": stored.user
      case "0x1FFFC008": stored.writeProtect
      default: stored.writeProtect2
      }
    let width = try #require(row.number("high")) - #require(row.number("low")) + 1
    return UInt32(word) >> (try #require(row.number("bit"))) & (1 << width - 1)
  }

  /// What the register holds in a field, read over the bus.
  private func register(_ row: ReferenceRow, _ bench: SimulatedBench) throws -> UInt32 {
    let address: UInt32 = row["register"] == "OPTCR" ? 0x4002_3C14 : 0x4002_3C18
    guard case .done(let word, _) = bench.simulation.board.chip.bus.read(address, .word, by: .debugger) else {
      Issue.record("the bus does not read \(address.hexadecimal)")
      return 0
    }
    let (low, high) = (try #require(row.number("low")), try #require(row.number("high")))
    return word >> low & (1 << (high - low + 1) - 1)
  }

  /// Values of a field that, with the factory's, give every bit both values.
  ///
  /// Levels that close the chip come in tests of their own, and SPRMOD with them.
  private func values(of row: ReferenceRow) -> [UInt32] {
    switch row["field"] {
    case "RDP", "SPRMOD": []
    case "BOR_LEV": [0b01, 0b10]
    // A watchdog that nobody reloads must not run on beside the other changes.
    case "WDG_SW": [0, 1]
    case let name where name.hasPrefix("nWRP"): [0b010110, 0b101001].map { $0 & (row.number("factory") ?? 0) }
    default: [1 - (row.number("factory") ?? 0)]
    }
  }

  /// Each value alone in an operation of its own, on top of what is there; then all fields in one back to the factory's.
  @Test(arguments: targets) func `each value of each field is stored and loaded, and nothing else changes`(
    target: String
  ) throws {
    let bench = try bench(target)
    let flash = bench.simulation.board.chip.flash
    let id = UInt32(flash.variant.die.deviceID)
    let rows = try ReferenceTable("options").rows.filter { $0.number("dev_id") == id }
    #expect(rows.count > 5)
    let session = TargetSession(probe: bench.probe())
    defer { session.close() }
    try session.open()
    func set(_ texts: [String]) throws {
      try session.execute(try session.plan(changing: try texts.map { try OptionAssignment($0) }))
    }
    var expected = try rows.map { try cells($0, bench) }
    for (place, row) in rows.enumerated() {
      for value in values(of: row) {
        try set(["\(row["field"])=0x\(String(value, radix: 16))"])
        expected[place] = value
        #expect(try register(row, bench) == value, "\(row)")
        #expect(try rows.map { try cells($0, bench) } == expected, "\(row)")
      }
    }
    try set(rows.filter { !values(of: $0).isEmpty }.map { "\($0["field"])=\($0["factory"])" })
    #expect(bench.cells(0..<Self.program.count) == Self.program)
    #expect(flash.storedOptions == SimProbe.OptionBytes.factory(flash.variant.die))
  }

  /// The chip of each die with the least flash, whose erase takes the least time.
  static let smallTargets = [
    "stm32f205rb", "stm32f405oe", "stm32f429ze", "stm32f446rc", "stm32f401cb", "stm32f411rc", "stm32f401rd",
    "stm32f469ie",
    "stm32f412re", "stm32f410r8", "stm32f413rg",
  ]

  @Test(arguments: smallTargets) func `read protection goes up, and comes down with an erase`(target: String) throws {
    let bench = try bench(target)
    let flash = bench.simulation.board.chip.flash
    let up = try change(bench, "RDP=level1", "BOR_LEV=2.1V")
    #expect(up.needsPowerCycle && up.erasedSectors.isEmpty)
    #expect(flash.storedOptions.readProtectionLevel == 1)
    let session = TargetSession(probe: bench.probe())
    defer { session.close() }
    try session.open()
    // Other fields change at level 1, too.
    try session.execute(try session.plan(changing: [try OptionAssignment("WDG_SW=hardware")]))
    #expect(!flash.storedOptions.hasSoftwareWatchdog)
    let down = try session.plan(changing: [try OptionAssignment("RDP=0xAA")])
    // The size of a closed chip cannot be read, so that the sectors may be more than it has.
    #expect(throws: SessionError.plan(.options(.erasesEverything(down.erasedSectors)))) { try session.execute(down) }
    #expect(bench.cells(0..<Self.program.count) == Self.program)
    try session.execute(down, permitting: OptionPermissions(mayEraseEverything: true))
    #expect(flash.storedOptions.readProtectionLevel == 0)
    #expect(flash.storedOptions.brownOutCode == 0b10)
    #expect(bench.flash.allSatisfy { $0 == 0xFF })
  }

  private func sectors(_ bench: SimulatedBench) -> [Engine.Sector] {
    let map = bench.simulation.board.chip.flash.map
    return Engine.SectorMap(
      family: .f2f4, byteCount: Int(map.byteCount), layout: map.bankCount == 2 ? .dualBank : .singleBank)?
      .sectors
      ?? []
  }

  @Test(arguments: smallTargets)
  func `level 2 takes its words, and closes the chip at the next start`(target: String) throws {
    let bench = try bench(target)
    let flash = bench.simulation.board.chip.flash
    let session = TargetSession(probe: bench.probe())
    try session.open()
    let plan = try session.plan(changing: [try OptionAssignment("RDP=0xCC")])
    #expect(throws: SessionError.plan(.options(.irreversible(.readProtectionForEver)))) { try session.execute(plan) }
    #expect(flash.storedOptions.readProtectionLevel == 0)
    try session.execute(plan, permitting: OptionPermissions(commitments: ["rdp LEVEL 2"]))
    session.close()
    #expect(flash.storedOptions.readProtectionLevel == 2)
    bench.simulation.board.cyclePower()
    #expect(throws: SessionError.self) { _ = try change(bench, "BOR_LEV=2.1V") }
  }

  @Test(arguments: smallTargets.dropFirst(2))
  func `PCROP takes its words, and comes off with an erase and nothing less`(target: String) throws {
    let bench = try bench(target)
    let flash = bench.simulation.board.chip.flash
    let session = TargetSession(probe: bench.probe())
    defer { session.close() }
    try session.open()
    func set(_ text: String, _ permissions: OptionPermissions = OptionPermissions()) throws {
      try session.execute(try session.plan(changing: [try OptionAssignment(text)]), permitting: permissions)
    }
    #expect(
      throws: SessionError.plan(.options(.irreversible(.codeProtection(sectors(bench).filter { $0.number == 1 }))))
    ) {
      try set("PCROP=1")
    }
    try set("PCROP=1", OptionPermissions(commitments: ["PCROP"]))
    #expect(flash.storedOptions.protectsReadout)
    #expect(flash.storedOptions.protectedSectors(in: flash.map, die: flash.variant.die) == 0b10)
    // A second sector needs the words again, and a change of another field does not.
    #expect(throws: SessionError.self) { try set("PCROP=1,2") }
    try set("nRST_STOP=0")
    #expect(throws: SessionError.plan(.options(.erasesEverything(sectors(bench))))) { try set("PCROP=none") }
    #expect(throws: SessionError.self) { try set("WRP=2") }
    #expect(bench.cells(0..<Self.program.count) == Self.program)
    try set("PCROP=none", OptionPermissions(mayEraseEverything: true))
    #expect(!flash.storedOptions.protectsReadout)
    #expect(flash.storedOptions.readProtectionLevel == 0 && flash.storedOptions.resetsOnStop)
    #expect(flash.storedOptions.protectedSectors(in: flash.map, die: flash.variant.die) == 0)
    #expect(bench.flash.allSatisfy { $0 == 0xFF })
  }
}
