import Testing

@testable import Engine

@Suite("The loader's ring, as the host sees it")
struct LoaderRingTests {
  private let range: Range<UInt32> = 0x2000_1000..<0x2000_1400

  @Test func `one word always stays free`() {
    var ring = LoaderRing(range)
    #expect(ring.free == 1020)
    ring.advance(by: 1020)
    #expect(ring.free == 0)
    #expect(ring.writeAddress == 0x2000_13FC)
  }

  @Test func `what wraps around goes in two pieces`() {
    var ring = LoaderRing(range)
    ring.advance(by: 1000)
    let isInside = ring.note(readPointer: 0x2000_1000 + 900)
    #expect(isInside)
    #expect(ring.consumed == 900)
    #expect(ring.free == 920)
    #expect(ring.freeInOnePiece == 24)
    ring.advance(by: 24)
    #expect(ring.writeAddress == 0x2000_1000)
    let hasWrapped = ring.note(readPointer: 0x2000_1000)
    #expect(hasWrapped)
    #expect(ring.consumed == 1024)
  }

  @Test func `its end is given up only where neither the loader nor unread words are`() {
    var ring = LoaderRing(range)
    ring.advance(by: 1000)
    #expect(!LoaderRing.canGiveUp(ring, 256), "unread words are there")
    _ = ring.note(readPointer: 0x2000_1000 + 1000)
    #expect(!LoaderRing.canGiveUp(ring, 256), "the loader is there")
    ring.advance(by: 100)
    #expect(!LoaderRing.canGiveUp(ring, 256), "the loader is still there")
    _ = ring.note(readPointer: 0x2000_1000 + 20)
    let isGivenUp = ring.giveUp(256)
    #expect(isGivenUp)
    #expect(ring.range == 0x2000_1000..<0x2000_1300)
    #expect(ring.free == 768 - 4 - (1100 - ring.consumed))
    #expect(ring.freeInOnePiece == 768 - 76)
    ring.advance(by: 692)
    #expect(ring.writeAddress == 0x2000_1000, "it goes round at the new end")
    let hasComeOn = ring.note(readPointer: 0x2000_1000)
    #expect(hasComeOn)
    #expect(ring.consumed == 1792)
  }

  @Test(arguments: [0x2000_0FFC, 0x2000_1400, 0x2000_1002, 0x2000_1068] as [UInt32])
  func `a read pointer where the loader cannot be is refused`(pointer: UInt32) {
    var ring = LoaderRing(range)
    ring.advance(by: 100)
    let isPossible = ring.note(readPointer: pointer)
    #expect(!isPossible)
    #expect(ring.consumed == 0)
  }

  @Test(arguments: [(32 << 10, true), (4096, true), (2048, false), (0, false)])
  func `the loader fits into the smallest RAM`(byteCount: Int, fits: Bool) throws {
    guard let memory = LoaderMemory(code: LoaderCode.words, ramByteCount: byteCount) else {
      #expect(!fits)
      return
    }
    #expect(fits)
    #expect(memory.ring.upperBound == 0x2000_0000 + UInt32(byteCount))
    #expect(memory.ring.lowerBound >= memory.result(of: LoaderMemory.resultCount - 1) + 4)
    #expect(memory.result(of: LoaderMemory.resultCount) == memory.result(of: 0))
  }
}

extension LoaderRing {
  fileprivate static func canGiveUp(_ ring: LoaderRing, _ byteCount: Int) -> Bool {
    var ring = ring
    return ring.giveUp(byteCount)
  }
}
