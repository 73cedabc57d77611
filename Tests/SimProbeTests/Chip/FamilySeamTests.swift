import TestSupport
import Testing

@testable import SimProbe

/// What is F2 and F4 stands in one folder of the simulator.
@Suite struct FamilySeamTests {
  /// Where code names an address for another reason: ARMv7-M's map, bits that look like one, programs for the chips, and
  /// a core alone with memories of its own.
  private static let allowed: Set<String> = [
    "Core/CoreProfile.swift", "Core/InstructionBench.swift", "Core/Memory/CortexCore+Memory.swift",
    "Faults/Firmware/FaultyProgram+Words.swift", "STLinkFirmware/Wire/SWDDriver.swift",
  ]

  /// Each line of code outside of the folder, without its comment.
  private static func lines() throws -> [PackageFiles.Line] {
    try PackageFiles.lines(below: "Sources/SimProbe").filter { line in
      let file = String(line.file.trimmingPrefix("Sources/SimProbe/"))
      return !file.hasPrefix("Families/") && !allowed.contains(file)
    }
  }

  @Test func `nothing outside of the folder of families names a die`() throws {
    let lines = try Self.lines()
    #expect(lines.count > 5000, "the sources have been found")
    let declared = try PackageFiles.lines(below: "Sources/SimProbe/Families/F2F4").compactMap { line in
      line.code.firstMatch(of: /static let (\w+) = (?:Die|ChipFamily)\(/).map { String($0.1) }
    }
    #expect(declared.contains("f40x") && declared.contains("f2f4"), "the dies and the family have been found")
    let names = try Regex(#"\.(?:"# + declared.joined(separator: "|") + #")\b"#)
    for line in lines where line.code.contains(names) {
      Issue.record("\(line): it belongs to Sources/SimProbe/Families")
    }
  }

  @Test func `nothing outside of the folder of families names an address of a chip`() throws {
    let flash = "0x08[0-9A-F]{2}_[0-9A-F]{4}"
    let information = "0x1FF[EF]_(0000|7[8-9A-F]|C0)"
    let peripherals = "0x(40(0[0-8])_[0-9A-F]{4}|500[0-6]_[0-9A-F]{4}|A000_[01]000)"
    let addresses = try Regex("\(flash)|\(information)|0x1000_0000|\(peripherals)|0xE004_2")
    for line in try Self.lines() where line.code.contains(addresses) {
      Issue.record("\(line): it belongs to Sources/SimProbe/Families")
    }
  }

  @Test func `every part has a family, and the sectors fill its flash`() {
    for variant in ChipCatalogue.variants {
      let map = variant.sectorMap(splitIntoBanks: false)
      #expect(map.sectors.reduce(0) { $0 + $1.byteCount } == variant.flashByteCount, "\(variant.name)")
      for (position, sector) in map.sectors.enumerated() {
        #expect(map.index(at: sector.offset) == position)
        #expect(map.index(at: sector.offset + sector.byteCount - 1) == position)
      }
    }
    #expect(ChipFamily.flashAddresses == 0x0800_0000...0x081F_FFFF)
  }
}
