import Engine
import Failures
import TestSupport
import Testing

/// Files that are no firmware and that somebody has tried to flash.
@Suite struct ForeignContentTests {
  private static let zeros = [UInt8](repeating: 0, count: 300)

  private static func utf16(_ text: String, isBigEndian: Bool = false) -> [UInt8] {
    text.utf16.flatMap { isBigEndian ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
  }

  private static let portableExecutable: [UInt8] = {
    var bytes = [0x4D, 0x5A] + [UInt8](repeating: 0, count: 0x80)
    bytes[0x3C] = 0x40
    bytes.replaceSubrange(0x40..<0x44, with: [0x50, 0x45, 0, 0])
    return bytes
  }()

  private static let tar = Array("firmware.bin".utf8) + [UInt8](repeating: 0, count: 245) + Array("ustar\0".utf8)

  static let files: [(String, [UInt8])] =
    [
      ("gzip", [0x1F, 0x8B, 0x08, 0] + zeros), ("zip", [0x50, 0x4B, 3, 4] + zeros),
      ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0] + zeros), ("Zstandard", [0x28, 0xB5, 0x2F, 0xFD] + zeros),
      ("bzip2", Array("BZh91AY&SY".utf8) + zeros), ("7-Zip", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C] + zeros),
      ("LZ4", [0x04, 0x22, 0x4D, 0x18] + zeros), ("RAR", Array("Rar!\u{1A}\u{07}".utf8) + zeros),
      ("LZMA", [0x5D, 0, 0, 0x80, 0] + [UInt8](repeating: 0xFF, count: 8) + zeros), ("tar", tar),
      ("library (ar", Array("!<arch>\nmain.o/".utf8) + zeros), ("Debian", Array("!<arch>\ndebian-binary".utf8)),
      ("Mach-O", [0xCF, 0xFA, 0xED, 0xFE] + zeros), ("Windows", portableExecutable),
      ("PDF", Array("%PDF-1.7\n".utf8) + zeros), ("PNG", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + zeros),
      ("STM32MP1", Array("STM2".utf8) + zeros),
    ]
    + [
      ("Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n"),
      ("web page", "\n<!DOCTYPE html>\n<html><body>Not found</body></html>"), ("web page", "<HTML>\n<head></head>"),
      ("web server", "404: Not Found"), ("XML", "<?xml version=\"1.0\"?>\n<a/>"), ("JSON", "{\"message\": \"none\"}\n"),
      ("script", "#!/bin/sh\nmake flash\n"), ("TI-TXT", "@0800\n01 02 AA BB CC DD 03 45 67\nq\n"),
      ("text", "Archive member included to satisfy reference by file (symbol)\n"),
      ("text", "10000000000402200101000843010008450100086B\n:00000001FF\n"),
      ("text", "fichier sauv\u{E9} pour la carte\n"),
    ].map { ($0.0, Array($0.1.utf8)) }
    + [
      ("UTF-16", [0xFF, 0xFE] + utf16(":020000040800F2\r\n:00000001FF\r\n")),
      ("UTF-16", utf16(":020000040800F2\r\n:00000001FF\r\n", isBigEndian: true)),
    ]

  @Test(arguments: files)
  func `a file that is no firmware is refused by name`(name: String, content: [UInt8]) throws {
    for format in [ImageFormat?.none, .binary] {
      let error = #expect(throws: ImageError.self) {
        try FirmwareImage.read(content, name: "fw.bin", format: format, baseAddress: 0x0801_0000)
      }
      let report = try #require(error).report
      #expect(report.summary.contains(name), "\(report.summary)")
      #expect(report.summary.hasSuffix("and no firmware"))
      #expect(!report.remedies.isEmpty)
    }
  }

  @Test(arguments: files)
  func `a file that is no firmware is taken as it is on request`(name: String, content: [UInt8]) throws {
    let options = ImageReadingOptions(baseAddress: 0x0801_0000, takesContentAsIs: true)
    #expect(try FirmwareImage.read(content, name: "fw.bin", options).segments.map(\.bytes) == [content])
  }

  /// Fill patterns, short texts and whatever a firmware begins with: a stack pointer in RAM.
  @Test(arguments: [
    [UInt8](repeating: 0x55, count: 4096), [UInt8](repeating: 0xFF, count: 64), [UInt8](repeating: 0, count: 64),
    Array("SN-0042".utf8), Array("0123".utf8), Array(0...255), [0x4D, 0x5A, 1, 2], [0xFF, 0xFE, 0, 1],
  ])
  func `data and fill patterns are raw bytes`(bytes: [UInt8]) {
    #expect(ForeignContent(bytes) == nil)
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `whatever follows a stack pointer, it is raw bytes`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      let stack: UInt32 = Bool.random(using: &random) ? 0x2000_0000 : 0x1000_0000
      var bytes = [UInt8](repeating: 0, count: 4)
      bytes.setWord(stack + UInt32.random(in: 0...0x1_4000, using: &random) * 4, at: 0)
      bytes += random.bytes(Int.random(in: 4...300, using: &random))
      #expect(ForeignContent(bytes) == nil, "seed \(seed)")
      #expect(ImageFormat(content: bytes) == nil, "seed \(seed)")
    }
  }
}
