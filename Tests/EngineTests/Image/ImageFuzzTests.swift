import Engine
import Failures
import TestSupport
import Testing

/// Readers given damaged files and noise: an image that holds what it must, or an error; never a trap.
@Suite struct ImageFuzzTests {
  @Test(arguments: ImageFormat.allCases.filter { $0 != .binary }, 1...4 as ClosedRange<UInt64>)
  func `a damaged file is read or refused`(format: ImageFormat, seed: UInt64) throws {
    let original = try ImageSamples.file(format)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<1_500 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        mutate(&bytes, &random)
      }
      // Behind a checksum that does not fit, nobody looks at the rest.
      if format == .dfuSe, Bool.random(using: &random) {
        bytes = DfuSeBuilder.suffixed(Array(bytes.prefix(original.count - 16)))
      }
      check(bytes, format: Bool.random(using: &random) ? format : nil, seed: seed)
    }
  }

  @Test(arguments: ImageFormat.allCases, 1...2 as ClosedRange<UInt64>)
  func `noise is read or refused`(format: ImageFormat, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let alphabet = Array(":S0123456789abcdefABCDEF\r\n ".utf8)
    for round in 0..<1_500 {
      let count = Int.random(in: 0...80, using: &random)
      let bytes = (0..<count).map { _ in
        round % 2 == 0 ? UInt8.random(in: 0...255, using: &random) : alphabet.randomElement(using: &random) ?? 0
      }
      check(bytes, format: format, seed: seed)
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    guard !bytes.isEmpty else { return }
    // Headers decide most, and are small: aim at them as often as at the rest.
    let end = Bool.random(using: &random) ? min(bytes.count, 128) : bytes.count
    let index = Int.random(in: 0..<end, using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1: bytes[index] = [0x00, 0xFF, 0x7F, 0x80].randomElement(using: &random) ?? 0
    case 2: bytes.removeSubrange(index...)
    case 3: bytes.remove(at: index)
    case 4: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
    default: bytes += bytes[index...].prefix(600)
    }
  }

  private func check(_ bytes: [UInt8], format: ImageFormat?, seed: UInt64) {
    do throws(ImageError) {
      let image = try FirmwareImage.read(bytes, name: "x", format: format, baseAddress: nil)
      #expect(image.totalByteCount > 0, "seed \(seed)")
      let areApart = zip(image.segments, image.segments.dropFirst())
        .allSatisfy { $0.range.upperBound < $1.address && $1.address - $0.range.upperBound > 1 }
      #expect(areApart, "seed \(seed)")
    } catch {
      #expect(error.report.category == .file, "seed \(seed)")
    }
  }
}
