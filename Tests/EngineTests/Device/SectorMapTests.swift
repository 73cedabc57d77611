import Testing

@testable import Engine

@Suite("Sector map")
struct SectorMapTests {
  @Test(arguments: ChipCatalogue.types.map(\.flashSize))
  func `sectors tile the flash without gap or overlap`(size: FlashSize) throws {
    for layout in [SectorMap.Layout.singleBank, .dualBank] {
      guard let map = SectorMap(family: .f2f4, byteCount: size.byteCount, layout: layout) else { continue }
      var end: UInt32 = 0x0800_0000
      for sector in map.sectors {
        #expect(sector.range.lowerBound == end)
        end = sector.range.upperBound
      }
      #expect(map.byteCount == size.byteCount)
      #expect(map.range == 0x0800_0000..<0x0800_0000 + UInt32(size.byteCount))
    }
  }

  @Test func `sector 5 of a single bank starts at 0x0802_0000`() throws {
    let map = try #require(SectorMap(family: .f2f4, byteCount: 1 << 20, layout: .singleBank))
    #expect(map.sector(number: 5)?.range == 0x0802_0000..<0x0804_0000)
    #expect(map.sectors.map(\.byteCount) == [16, 16, 16, 16, 64, 128, 128, 128, 128, 128, 128, 128].map { $0 * 1024 })
  }

  @Test func `bank 2 begins with sector 12 and selection 0b10000 on a 2 MiB part`() throws {
    let map = try #require(SectorMap(family: .f2f4, byteCount: 2 << 20, layout: .dualBank))
    let sector = try #require(map.sector(number: 12))
    #expect(sector.range.lowerBound == 0x0810_0000)
    #expect(sector.selection == 0b10000)
    #expect(map.sector(number: 23)?.selection == 0b11011)
    #expect(map.sectors.filter { $0.bank == 2 }.count == 12)
  }

  @Test func `a 1 MiB part in two banks has no sectors 8 to 11`() throws {
    let map = try #require(SectorMap(family: .f2f4, byteCount: 1 << 20, layout: .dualBank))
    #expect((8...11).allSatisfy { map.sector(number: $0) == nil })
    #expect(map.sector(number: 12)?.range.lowerBound == 0x0808_0000)
    #expect(map.sector(number: 19)?.selection == 0b10111)
  }

  @Test func `an F413 numbers and selects its sectors straight through`() throws {
    let map = try #require(SectorMap(family: .f2f4, byteCount: 1536 * 1024, layout: .singleBank))
    #expect(map.sectors.map(\.selection) == Array(0...15))
    #expect(map.sector(number: 15)?.protectionBit == 14)
  }

  @Test(arguments: [0, 1, 8 * 1024, 80 * 1024, 200 * 1024, 3 << 20])
  func `a size that ends within a sector has no map`(byteCount: Int) {
    #expect(SectorMap(family: .f2f4, byteCount: byteCount, layout: .singleBank) == nil)
  }

  @Test func `addresses find their sectors`() throws {
    let map = try #require(SectorMap(family: .f2f4, byteCount: 1 << 20, layout: .singleBank))
    #expect(map.sector(at: 0x0801_FFFF)?.number == 4)
    #expect(map.sector(at: 0x0810_0000) == nil)
    #expect(map.sectors(touching: 0x0800_3FFF..<0x0800_4001).map(\.number) == [0, 1])
  }
}
