import Engine
import TestSupport

/// Ready-made images and files for the tests of the image formats.
enum ImageSamples {
  /// An image of up to four segments at random places, gaps and lengths; the seed decides all of it.
  static func image(seed: UInt64) throws -> FirmwareImage {
    var random = SeededGenerator(seed: seed)
    var address = UInt32.random(in: 0...0xFFFF_0000, using: &random)
    var pieces: [FirmwareImage.Segment] = []
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let bytes = random.bytes(Int.random(in: 1...200, using: &random))
      guard let piece = FirmwareImage.Segment(address: address, bytes: bytes) else { break }
      pieces.append(piece)
      let gap = UInt32.random(in: 0...0x3000, using: &random)
      guard piece.range.upperBound < UInt32.max - gap else { break }
      address = piece.range.upperBound + 1 + gap
    }
    let entryPoint = Bool.random(using: &random) ? UInt32.random(in: 1...UInt32.max, using: &random) : nil
    return try FirmwareImage(joining: pieces, entryPoint: entryPoint)
  }

  /// One well-formed file of a format, with the bytes 01 02 … 20 at 0x0800_0000.
  static func file(_ format: ImageFormat) throws -> [UInt8] {
    let image = try FirmwareImage(
      joining: [FirmwareImage.Segment(address: 0x0800_0000, bytes: Array(1...32))].compactMap { $0 },
      entryPoint: 0x0800_0101)
    switch format {
    case .binary, .intelHex, .sRecord: return try ImageWriter.write(image, as: format, name: "sample")
    case .elf: return ELFBuilder(segments: [.init(physicalAddress: 0x0800_0000, bytes: Array(1...32))]).file()
    case .uf2: return UF2Builder(blocks: [.init(address: 0x0800_0000, payload: Array(1...32))]).file()
    case .dfuSe: return DfuSeBuilder(targets: [.init(elements: [(0x0800_0000, Array(1...32))])]).file()
    }
  }
}

extension [UInt8] {
  /// Puts a little-endian word into the bytes.
  mutating func setWord(_ value: UInt32, at offset: Int) {
    for index in 0..<4 {
      self[offset + index] = UInt8(truncatingIfNeeded: value >> (index * 8))
    }
  }

  /// Puts a little-endian halfword into the bytes.
  mutating func setHalfword(_ value: UInt16, at offset: Int) {
    self[offset] = UInt8(truncatingIfNeeded: value)
    self[offset + 1] = UInt8(truncatingIfNeeded: value >> 8)
  }
}
