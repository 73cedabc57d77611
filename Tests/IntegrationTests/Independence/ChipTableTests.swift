import Testing

@testable import Engine
@testable import SimProbe

private typealias EngineSectorMap = Engine.SectorMap

/// The chips and sector maps of both sides against the third transcription.
@Suite struct ChipTableTests {
  @Test func `the engine knows every chip of the reference and no other`() throws {
    try expectAll(Engine.ChipCatalogue.types.map { $0.line + String($0.flashSize.letter) }, are: "the engine's")
  }

  @Test func `the simulator knows every chip of the reference and no other`() throws {
    try expectAll(SimProbe.ChipCatalogue.variants.map { $0.line + String($0.sizeLetter) }, are: "the simulator's")
  }

  private func expectAll(_ chips: [String], are whose: String) throws {
    let reference = try ReferenceTable("chips").rows.map { $0["line"] + $0["letter"] }
    let missing = Set(reference).subtracting(chips).sorted()
    #expect(missing.isEmpty, "\(whose) ChipCatalogue lacks rows of Tests/Fixtures/reference/chips.csv")
    let unknown = Set(chips).subtracting(reference).sorted()
    #expect(unknown.isEmpty, "Tests/Fixtures/reference/chips.csv lacks rows of \(whose) ChipCatalogue")
    #expect(chips.count == Set(chips).count, "a row of \(whose) ChipCatalogue is there twice")
  }

  @Test func `the engine's chips are those of the reference`() throws {
    for row in try ReferenceTable("chips").rows {
      let type = try #require(
        Engine.ChipCatalogue.types.first { $0.line == row["line"] && String($0.flashSize.letter) == row["letter"] })
      let die = try #require(Engine.ChipCatalogue.dies.first { $0.deviceID == type.deviceID })
      #expect(UInt32(type.flashSize.byteCount) == row.number("flash_kib").map { $0 * 1024 }, "\(row)")
      #expect(UInt32(type.deviceID) == row.number("dev_id"), "\(row)")
      #expect(String(type.packages.sorted()) == String(row["packages"].sorted()), "\(row)")
      #expect((die.core == .cortexM3 ? 0x412F_C230 : 0x410F_C241) == row.number("cpuid"), "\(row)")
      #expect(UInt32(die.maximumMegahertz) == row.number("max_mhz"), "\(row)")
      #expect(UInt32(die.writeProtectionBits) == row.number("wrp_optcr"), "\(row)")
      #expect(die.hasCodeReadProtection == (row["pcrop"] == "1"), "\(row)")
      #expect(die.hasSecondBank == (row["mer1"] == "1"), "\(row)")
      let sram = type.ram.regions.filter { $0.name.hasPrefix("SRAM") }
      #expect(sram.map(\.range.lowerBound) == row.numbers("sram_bases"), "\(row)")
      #expect(sram.map { UInt32($0.range.count) } == row.numbers("sram_sizes"), "\(row)")
      let coupled = type.ram.regions.first { $0.name == "CCM" }
      #expect(UInt32(coupled?.range.count ?? 0) == row.number("ccm_size"), "\(row)")
    }
  }

  /// Two transcriptions of the manuals' tables, which nobody can have made wrong together.
  @Test func `both sides know the same wait states`() throws {
    for die in Engine.ChipCatalogue.dies {
      let other = try #require(SimProbe.ChipCatalogue.variants.first { $0.die.deviceID == UInt32(die.deviceID) }).die
      #expect(die.waitStates.megahertz == other.waitStates.megahertz.map { $0.map(Int.init) }, "\(die.name)")
    }
  }

  @Test func `the simulator's chips are those of the reference`() throws {
    for row in try ReferenceTable("chips").rows {
      let chip = try #require(
        SimProbe.ChipCatalogue.variants.first { $0.line == row["line"] && String($0.sizeLetter) == row["letter"] })
      let die = chip.die
      #expect(chip.flashByteCount == row.number("flash_kib").map { $0 * 1024 }, "\(row)")
      #expect(die.deviceID == row.number("dev_id"), "\(row)")
      #expect(die.idCode >> 12 & 0xF == 6, "\(row)")
      #expect(String(chip.pinLetters.sorted()) == String(row["packages"].sorted()), "\(row)")
      #expect(UInt32(die.maximumMegahertz) == row.number("max_mhz"), "\(row)")
      #expect(UInt32(die.writeProtectBits) == row.number("wrp_optcr"), "\(row)")
      #expect(UInt32(die.sectorNumberBits) == row.number("snb_bits"), "\(row)")
      #expect(die.hasReadoutProtectedSectors == (row["pcrop"] == "1"), "\(row)")
      #expect(die.hasReadoutProtectedSectors == (row["rderr"] == "1"), "\(row)")
      #expect(die.hasSecondBankRegisters == (row["mer1"] == "1"), "\(row)")
      #expect(die.hasBackupSRAM == (row["backup_size"] == "4096"), "\(row)")
      #expect(die.coupledKilobytes * 1024 == row.number("ccm_size"), "\(row)")
      let sizes = row.numbers("sram_sizes")
      #expect((chip.sram1KilobytesOverride ?? die.sram1Kilobytes) * 1024 == sizes.first, "\(row)")
      #expect(chip.sramRanges.reduce(0) { $0 + UInt32($1.count) } == sizes.reduce(0, +), "\(row)")
    }
  }

  @Test func `the engine cuts every chip into the reference's sectors`() throws {
    let sectors = Dictionary(grouping: try ReferenceTable("sectors").rows) { $0["map"] }
    for row in try ReferenceTable("chips").rows {
      let byteCount = Int(row.number("flash_kib") ?? 0) * 1024
      for (column, dual) in [("map", row["map"] == "m2048"), ("map_db1m", true)] where !row[column].isEmpty {
        let map = try #require(
          EngineSectorMap(family: .f2f4, byteCount: byteCount, layout: dual ? .dualBank : .singleBank))
        let expected = try #require(sectors[row[column]])
        #expect(map.sectors.map { UInt32($0.number) } == expected.map { $0.number("sector") }, "\(row)")
        #expect(map.sectors.map { UInt32($0.bank) } == expected.map { $0.number("bank") }, "\(row)")
        #expect(map.sectors.map(\.range.lowerBound) == expected.map { $0.number("base") }, "\(row)")
        #expect(map.sectors.map { UInt32($0.byteCount) } == expected.map { $0.number("size") }, "\(row)")
        #expect(map.sectors.map(\.selection) == expected.map { $0.number("snb") }, "\(row)")
        #expect(map.sectors.map { UInt32($0.protectionBit + 16) } == expected.map { $0.number("wrp_bit") }, "\(row)")
      }
    }
  }

  @Test func `the simulator cuts every chip into the reference's sectors`() throws {
    let sectors = Dictionary(grouping: try ReferenceTable("sectors").rows) { $0["map"] }
    for row in try ReferenceTable("chips").rows {
      let chip = try #require(
        SimProbe.ChipCatalogue.variants.first { $0.line == row["line"] && String($0.sizeLetter) == row["letter"] })
      for (column, split) in [("map", false), ("map_db1m", true)] where !row[column].isEmpty {
        let map = chip.sectorMap(splitIntoBanks: split)
        let expected = try #require(sectors[row[column]])
        #expect(map.sectors.map { UInt32($0.number) } == expected.map { $0.number("sector") }, "\(row)")
        #expect(map.sectors.map { UInt32($0.bank + 1) } == expected.map { $0.number("bank") }, "\(row)")
        #expect(map.sectors.map { 0x0800_0000 + $0.offset } == expected.map { $0.number("base") }, "\(row)")
        #expect(map.sectors.map(\.byteCount) == expected.map { $0.number("size") }, "\(row)")
        #expect(map.sectors.map(\.selector) == expected.map { $0.number("snb") }, "\(row)")
      }
    }
  }
}
