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

  /// Values worth setting: all of a short field, a few of a long one; levels that close the chip come in tests of their own.
  private func values(of row: ReferenceRow) -> [UInt32] {
    switch row["field"] {
    case "RDP", "SPRMOD": []
    case "BOR_LEV": [0, 1, 3]
    case let name where name.hasPrefix("nWRP"): [0b10110, row.number("factory") ?? 0]
    default: row.number("factory") == 1 ? [0, 1] : [1, 0]
    }
  }

  @Test(arguments: targets) func `each value of each field is stored and loaded, and nothing else changes`(
    target: String
  )
    throws
  {
    let bench = try bench(target)
    let id = UInt32(bench.simulation.board.chip.flash.variant.die.deviceID)
    let rows = try ReferenceTable("options").rows.filter { $0.number("dev_id") == id }
    #expect(rows.count > 5)
    for row in rows {
      for value in values(of: row) {
        let others = try rows.filter { $0["field"] != row["field"] }.map { try cells($0, bench) }
        _ = try change(bench, "\(row["field"])=0x\(String(value, radix: 16))")
        #expect(try cells(row, bench) == value, "\(row)")
        #expect(try register(row, bench) == value, "\(row)")
        #expect(try rows.filter { $0["field"] != row["field"] }.map { try cells($0, bench) } == others, "\(row)")
      }
    }
    #expect(bench.cells(0..<Self.program.count) == Self.program)
    #expect(
      bench.simulation.board.chip.flash.storedOptions
        == SimProbe.OptionBytes.factory(
          bench.simulation.board.chip.flash.variant.die))
  }

  @Test(arguments: targets) func `read protection goes up, and comes down with an erase`(target: String) throws {
    let bench = try bench(target)
    let up = try change(bench, "RDP=level1", "BOR_LEV=2.1V")
    #expect(up.needsPowerCycle && up.erasedSectors.isEmpty)
    #expect(bench.simulation.board.chip.flash.storedOptions.readProtectionLevel == 1)
    #expect(bench.cells(0..<Self.program.count) == Self.program)
    // Other fields change at level 1, too.
    _ = try change(bench, "WDG_SW=hardware")
    #expect(!bench.simulation.board.chip.flash.storedOptions.hasSoftwareWatchdog)
    // The size of a closed chip cannot be read, so that the sectors may be more than it has.
    #expect {
      _ = try change(bench, "RDP=level0")
    } throws: { error in
      if case SessionError.plan(.options(.erasesEverything)) = error { true } else { false }
    }
    #expect(bench.cells(0..<Self.program.count) == Self.program)
    _ = try change(bench, "RDP=0xAA", permissions: OptionPermissions(mayEraseEverything: true))
    #expect(bench.simulation.board.chip.flash.storedOptions.readProtectionLevel == 0)
    #expect(bench.simulation.board.chip.flash.storedOptions.brownOutCode == 0b10)
    #expect(bench.flash.allSatisfy { $0 == 0xFF })
  }

  private func sectors(_ bench: SimulatedBench) -> [Engine.Sector] {
    let map = bench.simulation.board.chip.flash.map
    return Engine.SectorMap(byteCount: Int(map.byteCount), layout: map.bankCount == 2 ? .dualBank : .singleBank)?
      .sectors
      ?? []
  }

  @Test(arguments: targets) func `level 2 takes its words, and closes the chip at the next start`(target: String) throws
  {
    let bench = try bench(target)
    #expect(throws: SessionError.plan(.options(.irreversible(.readProtectionForEver)))) {
      _ = try change(bench, "RDP=0xCC")
    }
    #expect(bench.simulation.board.chip.flash.storedOptions.readProtectionLevel == 0)
    _ = try change(bench, "RDP=level2", permissions: OptionPermissions(commitments: ["rdp LEVEL 2"]))
    #expect(bench.simulation.board.chip.flash.storedOptions.readProtectionLevel == 2)
    bench.simulation.board.cyclePower()
    #expect(throws: SessionError.self) { _ = try change(bench, "BOR_LEV=2.1V") }
  }

  @Test(arguments: targets.filter { !["stm32f207zg", "stm32f407vg"].contains($0) })
  func `PCROP takes its words, and comes off with an erase and nothing less`(target: String) throws {
    let bench = try bench(target)
    #expect(
      throws: SessionError.plan(.options(.irreversible(.codeProtection(sectors(bench).filter { $0.number == 1 }))))
    ) {
      _ = try change(bench, "PCROP=1")
    }
    _ = try change(bench, "PCROP=1", permissions: OptionPermissions(commitments: ["PCROP"]))
    let flash = bench.simulation.board.chip.flash
    #expect(flash.storedOptions.protectsReadout)
    #expect(flash.storedOptions.protectedSectors(in: flash.map, die: flash.variant.die) == 0b10)
    // A second sector needs the words again, and a change of another field does not.
    #expect(throws: SessionError.self) { _ = try change(bench, "PCROP=1,2") }
    _ = try change(bench, "nRST_STOP=0")
    #expect(throws: SessionError.plan(.options(.erasesEverything(sectors(bench))))) {
      _ = try change(bench, "PCROP=none")
    }
    #expect(throws: SessionError.self) { _ = try change(bench, "WRP=2") }
    #expect(bench.cells(0..<Self.program.count) == Self.program)
    _ = try change(bench, "PCROP=none", permissions: OptionPermissions(mayEraseEverything: true))
    #expect(!flash.storedOptions.protectsReadout)
    #expect(flash.storedOptions.readProtectionLevel == 0 && flash.storedOptions.resetsOnStop)
    #expect(flash.storedOptions.protectedSectors(in: flash.map, die: flash.variant.die) == 0)
    #expect(bench.flash.allSatisfy { $0 == 0xFF })
  }
}
