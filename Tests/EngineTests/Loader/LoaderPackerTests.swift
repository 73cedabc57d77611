import Basics
import TestSupport
import Testing

@testable import Engine

/// Packing for the loader, judged by an unpacker that is written after the description in the loader's source.
@Suite struct LoaderPackerTests {
  /// Unpacks words into bytes behind what is known; nil where they make no sense.
  private static func unpack(_ packed: [UInt8], behind known: [UInt8], count: Int) -> [UInt8]? {
    var words = stride(from: 0, to: packed.count, by: 4).map { packed.littleEndianWord(at: $0) }[...]
    var bits: [Bool] = []
    var literals: [UInt8] = []
    func bit() -> Bool? {
      if bits.isEmpty { bits = (words.popFirst().map { word in (0..<32).map { (word << $0) >> 31 == 1 } }) ?? [] }
      return bits.isEmpty ? nil : bits.removeFirst()
    }
    func byte() -> UInt8? {
      if literals.isEmpty { literals = words.popFirst()?.littleEndianBytes ?? [] }
      return literals.isEmpty ? nil : literals.removeFirst()
    }
    func number() -> Int? {
      var value = 1
      while let goesOn = bit() {
        guard goesOn else { return value }
        guard let next = bit() else { return nil }
        value = value * 2 + (next ? 1 : 0)
      }
      return nil
    }
    var bytes = known
    while bytes.count < known.count + count {
      guard let isLiteral = bit() else { return nil }
      if isLiteral {
        guard let byte = byte() else { return nil }
        bytes.append(byte)
      } else {
        guard let high = number(), let low = byte(), let length = number() else { return nil }
        let distance = (high - 1) * 256 + Int(low) + 1
        guard distance <= min(8192, bytes.count) else { return nil }
        for _ in 0..<length + 1 { bytes.append(bytes[bytes.count - distance]) }
      }
    }
    return words.isEmpty && bytes.count == known.count + count ? Array(bytes[known.count...]) : nil
  }

  @Test func `blocks are what they were, whatever they repeat, alone and going on from others`() throws {
    var random = SeededGenerator(seed: UInt64.random(in: 0...UInt64(UInt32.max)))
    var packedCount = 0
    for _ in 0..<40 {
      var packer = LoaderPacker()
      var known: [UInt8] = []
      var address: UInt32 = 0x0800_0000
      for _ in 0..<4 {
        let count = Int.random(in: 1...1500, using: &random) * 4
        let block = FlashBlock(address: address, bytes: RepetitiveBytes.make(count, &random))
        address += UInt32(count)
        guard let packed = packer.pack(block) else {
          // It goes out as it is, and the loader remembers nothing of it.
          known = []
          continue
        }
        packedCount += 1
        #expect(packed.count < count)
        try #require(Self.unpack(packed, behind: known, count: count) == block.bytes, "seed \(random.seed)")
        known = (known + block.bytes).suffix(8192)
      }
    }
    #expect(packedCount > 80, "seed \(random.seed)")
  }

  @Test func `a run is a few words, and what does not repeat is not packed`() throws {
    var packer = LoaderPacker()
    let zeros = FlashBlock(address: 0x0802_0000, bytes: [UInt8](repeating: 0, count: 131_072))
    let packedZeros = packer.pack(zeros)
    #expect(try #require(packedZeros).count <= 16)
    var random = SeededGenerator(seed: 5)
    let packedNoise = packer.pack(FlashBlock(address: 0x0804_0000, bytes: random.bytes(16_384)))
    #expect(packedNoise == nil)
  }

  @Test func `what is named lies at most as far back as the loader remembers`() throws {
    var random = SeededGenerator(seed: 6)
    let bytes = random.bytes(8192)
    let run = [UInt8](repeating: 0, count: 4096)
    for (gap, most) in [(0, 9500), (4, 19_000)] {
      var packer = LoaderPacker()
      let packed = packer.pack(
        FlashBlock(address: 0x0800_0000, bytes: run + bytes + [UInt8](repeating: 0, count: gap) + bytes))
      let byteCount = try #require(packed).count
      #expect((most - 1000...most).contains(byteCount), "\(8192 + gap) bytes back")
    }
  }
}
