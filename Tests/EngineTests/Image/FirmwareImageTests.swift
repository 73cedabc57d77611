import TestSupport
import Testing

@testable import Engine

@Suite struct FirmwareImageTests {
  private func segment(_ address: UInt32, _ bytes: [UInt8]) throws -> FirmwareImage.Segment {
    try #require(FirmwareImage.Segment(address: address, bytes: bytes))
  }

  @Test func `a segment may end at the last address and not beyond it`() throws {
    #expect(try segment(0xFFFF_FFFF, [7]).range == 0xFFFF_FFFF...0xFFFF_FFFF)
    #expect(FirmwareImage.Segment(address: 0xFFFF_FFFF, bytes: [7, 8]) == nil)
    #expect(FirmwareImage.Segment(address: 0, bytes: []) == nil)
    #expect(FirmwareImage(address: 0xFFFF_FFFE, bytes: [1, 2, 3]) == nil)
  }

  @Test func `pieces that touch become one segment whatever their order`() throws {
    let image = try FirmwareImage(joining: [segment(0x102, [3]), segment(0x100, [1, 2]), segment(0x110, [9])])
    #expect(image.segments == [try segment(0x100, [1, 2, 3]), try segment(0x110, [9])])
    #expect(image.totalByteCount == 4)
    #expect(image.span == 0x100...0x110)
  }

  @Test func `pieces that overlap with the same bytes are joined`() throws {
    let image = try FirmwareImage(joining: [
      segment(0x100, [1, 2, 3, 4]), segment(0x101, [2, 3]), segment(0x102, [3, 4, 5]),
    ])
    #expect(image.segments == [try segment(0x100, [1, 2, 3, 4, 5])])
  }

  @Test func `pieces that overlap with other bytes are refused with the first address`() throws {
    let pieces = [try segment(0x100, [1, 2, 3, 4]), try segment(0x102, [3, 5])]
    #expect(
      throws: ImageError(
        .overlap(address: 0x103, first: 4, second: 5, otherLocation: nil), in: "image", format: .binary)
    ) { try FirmwareImage(joining: pieces) }
  }

  @Test func `no piece makes no image`() {
    #expect(throws: ImageError(.noData, in: "image", format: .binary)) { try FirmwareImage(joining: []) }
  }

  @Test func `an image beyond 256 MiB is refused`() throws {
    let small = try segment(0, [1])
    let large = try segment(1, [UInt8](repeating: 0, count: 0x1000_0000))
    #expect(throws: ImageError(.tooLarge(limit: 0x1000_0000), in: "image", format: .binary)) {
      try FirmwareImage(joining: [small, large])
    }
  }

  @Test func `a range is read from the image whole, in parts or filled`() throws {
    let image = try FirmwareImage(joining: [segment(0x100, [1, 2, 3]), segment(0x105, [6, 7])])
    #expect(image.bytes(in: 0x101...0x102) == [2, 3])
    #expect(image.bytes(in: 0x102...0x103) == nil)
    #expect(image.bytes(in: 0x102...0x105) == nil)
    #expect(image.bytes(in: 0x200...0x200) == nil)
    #expect(image.segments(in: 0x102...0x105) == [try segment(0x102, [3]), try segment(0x105, [6])])
    #expect(image.segments(in: 0x103...0x104).isEmpty)
    #expect(image.bytes(in: 0x101...0x106, filledWith: 0xFF) == [2, 3, 0xFF, 0xFF, 6, 7])
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `an image holds exactly the bytes of its pieces`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var memory: [UInt32: UInt8] = [:]
    var pieces: [FirmwareImage.Segment] = []
    for _ in 0..<20 {
      let address = UInt32.random(in: 0x100...0x200, using: &random)
      let count = UInt32.random(in: 1...12, using: &random)
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: (address + $0) &* 151) }
      bytes.enumerated().forEach { memory[address + UInt32($0.offset)] = $0.element }
      pieces.append(try segment(address, bytes))
    }
    let image = try FirmwareImage(joining: pieces)
    #expect(image.totalByteCount == memory.count, "seed \(seed)")
    for address in 0x0F0...0x220 as ClosedRange<UInt32> {
      #expect(image.bytes(in: address...address)?.first == memory[address], "seed \(seed), address \(address)")
    }
    for (lower, upper) in zip(image.segments, image.segments.dropFirst()) {
      #expect(lower.range.upperBound + 1 < upper.address, "seed \(seed): segments touch")
    }
  }

  @Test func `the vector table is the first two words at an address`() throws {
    let image = try FirmwareImage(joining: [segment(0x0800_0000, [0x00, 0x00, 0x02, 0x20, 0x41, 0x01, 0x00, 0x08])])
    let table = try #require(image.vectorTable(at: 0x0800_0000))
    #expect(table.initialStackPointer == 0x2002_0000)
    #expect(table.resetHandler == 0x0800_0141)
    #expect(table.resetHandlerAddress == 0x0800_0140)
    #expect(table.isThumb)
    #expect(image.vectorTable(at: 0x0800_0004) == nil)
    #expect(image.vectorTable(at: 0xFFFF_FFFC) == nil)
  }

  @Test func `erased bytes at the end can be left out, and what the file said stays`() throws {
    let segments = [try segment(0x0800_0000, [1, 0xFF]), try segment(0x0800_0100, [0xFF, 0xFF])]
    let image = FirmwareImage(segments: segments, entryPoint: 0x0800_0001, format: .uf2, family: .stm32F4)
    let kept = [try segment(0x0800_0000, [1])]
    let expected = FirmwareImage(segments: kept, entryPoint: 0x0800_0001, format: .uf2, family: .stm32F4)
    #expect(image.withoutErasedTail() == expected)
    #expect(FirmwareImage(address: 0x0800_0000, bytes: [0xFF])?.withoutErasedTail() == nil)
  }
}
