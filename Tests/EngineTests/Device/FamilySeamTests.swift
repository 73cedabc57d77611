import TestSupport
import Testing

@testable import Engine

/// What is F2 and F4 stands in one folder of the engine, and what is ST-LINK in another.
@Suite struct FamilySeamTests {
  /// Where a number looks like an address and is none: limits of 256 MiB.
  private static let allowed: Set<String> = ["Image/SegmentAssembler.swift", "Image/ImageWriter.swift"]

  /// Each line of code outside of some folders, without its comment.
  private static func lines(outside folders: [String]) throws -> [PackageFiles.Line] {
    let lines = try ["Engine", "Failures", "stflash"].flatMap { try PackageFiles.lines(below: "Sources/\($0)") }
    return lines.filter { line in
      let file = String(line.file.trimmingPrefix("Sources/Engine/"))
      return !folders.contains { file.hasPrefix($0 + "/") } && !allowed.contains(file)
    }
  }

  /// The words of a line that begin with one of some letters; a regular expression for each line would take minutes.
  private static func words(of line: PackageFiles.Line, beginningWith starts: [String]) -> [String] {
    let isWord = { (byte: UInt8) in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
    }
    return line.code.utf8.split { !isWord($0) }.compactMap { word in
      starts.contains { word.starts(with: $0.utf8) } ? String(Substring(word)) : nil
    }
  }

  @Test func `nothing outside of the folder of families names an address of a chip`() throws {
    let lines = try Self.lines(outside: ["Families"])
    #expect(lines.count > 20_000, "the sources have been found")
    let map = MemoryMap.presumed
    // APB and AHB1 behind the start of ARMv7-M's peripherals, AHB2, FSMC; DBGMCU.
    let peripherals: [Range<UInt32>] = [
      0x4000_0001..<0x4008_0000, 0x5000_0000..<0x5007_0000, 0xA000_0001..<0xA000_2000, 0xE004_2000..<0xE004_3000,
    ]
    let areas =
      [map.flash, map.coreCoupledMemory, map.optionBytesOfBank2.range, map.systemMemory.range, map.optionBytes.range]
      + [map.otp.range] + peripherals
    for line in lines {
      for word in Self.words(of: line, beginningWith: ["0x"]) where word.count == 11 {
        guard let value = UInt32(word.dropFirst(2).replacing("_", with: ""), radix: 16) else { continue }
        if areas.contains(where: { $0.contains(value) }) {
          Issue.record("\(line): it belongs to Sources/Engine/Families")
        }
      }
    }
  }

  @Test func `nothing outside of the folder of families names a die`() throws {
    let declared = try PackageFiles.lines(below: "Sources/Engine/Families/F2F4").compactMap { line in
      line.code.contains("static let f")
        ? line.code.firstMatch(of: /static let (f\w+) = \w+\(/).map { String($0.1) } : nil
    }
    #expect(declared.contains("f40x") && declared.contains("f2f4"), "dies and family have been found")
    let names = Set(declared + ChipCatalogue.dies.map { "0x" + String($0.deviceID, radix: 16) })
    for line in try Self.lines(outside: ["Families"]) {
      for word in Self.words(of: line, beginningWith: ["0x4", "f2", "f4"]) where names.contains(word) {
        Issue.record("\(line): it belongs to Sources/Engine/Families")
      }
    }
  }

  @Test func `nothing outside of the driver and the decoder names a status of ST-LINK`() throws {
    for line in try Self.lines(outside: ["STLink", "Decoding"]) where line.code.contains("STLinkStatus") {
      Issue.record("\(line): a failure of the debug port is a TargetFault")
    }
  }

  @Test func `every die has a family, whose sectors fill its flash`() throws {
    for type in ChipCatalogue.types {
      let die = try #require(ChipCatalogue.die(withID: type.deviceID))
      let byteCount = type.flashSize.byteCount
      let map = try #require(DeviceIdentification.sectorMap(of: die, byteCount: byteCount, isSplit: false))
      #expect(map.sectors.reduce(0) { $0 + $1.byteCount } == byteCount, "\(type.name)")
      #expect(die.family.memory.flash.contains(map.range.upperBound - 1))
      for sector in map.sectors { #expect(die.family.timing.sectorErase[sector.byteCount / 1024] != nil, "\(sector)") }
    }
  }
}
