import TestSupport
import Testing

@testable import Engine

/// Several images as one, beside a dictionary of bytes.
struct JoinedImageTests {
  private func image(_ pieces: [(UInt32, [UInt8])]) throws -> FirmwareImage {
    try FirmwareImage(joining: try pieces.map { try #require(FirmwareImage.Segment(address: $0.0, bytes: $0.1)) })
  }

  private func bytes(of image: FirmwareImage) -> [UInt32: UInt8] {
    var bytes: [UInt32: UInt8] = [:]
    for segment in image.segments {
      for (offset, byte) in segment.bytes.enumerated() { bytes[segment.address + UInt32(offset)] = byte }
    }
    return bytes
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `images are joined, patched and overlap as their bytes do`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    func some() throws -> FirmwareImage {
      var bytes: [UInt32: UInt8] = [:]
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let start = UInt32.random(in: 0..<120, using: &random)
        for offset in 0..<UInt32.random(in: 1...12, using: &random) { bytes[start + offset] = UInt8(seed & 0xFF) }
      }
      return try image(bytes.sorted { $0.key < $1.key }.map { ($0.key, [$0.value]) })
    }
    let (first, second) = (try some(), try some())
    let (left, right) = (bytes(of: first), bytes(of: second))
    let common = Set(left.keys).intersection(right.keys)
    let overlap = first.overlap(with: second)
    #expect(overlap?.lowerBound == common.min(), "seed \(seed)")
    if let overlap { #expect(overlap.allSatisfy(common.contains), "seed \(seed)") }
    let patch = [UInt8](repeating: 0xEE, count: Int.random(in: 1...9, using: &random))
    let place = UInt32.random(in: 0..<130, using: &random)
    let patched = try #require(first.patched(with: patch, at: place))
    var expected = left
    for (offset, byte) in patch.enumerated() { expected[place + UInt32(offset)] = byte }
    #expect(bytes(of: patched) == expected, "seed \(seed)")
    guard common.isEmpty else { return }
    let joined = first.joined(with: second)
    #expect(bytes(of: joined) == left.merging(right) { $1 }, "seed \(seed)")
    for (one, next) in zip(joined.segments, joined.segments.dropFirst()) {
      #expect(one.range.upperBound + 1 < next.address, "seed \(seed): pieces that touch are one")
    }
  }

  /// Time that grows with the square of the pieces would take minutes here.
  @Test(.timeLimit(.minutes(1)))
  func `images of many small pieces are joined in one go`() throws {
    let pieces = { (base: UInt32) in (0..<40_000 as Range<UInt32>).map { (base + 2 * $0, [UInt8(1)]) } }
    let (first, second) = (try image(pieces(0x0800_0000)), try image(pieces(0x0810_0000)))
    #expect(first.overlap(with: second) == nil)
    #expect(first.joined(with: second).segments.count == 80_000)
  }
}
