import Testing

@testable import SimProbe

/// BOR_LEV: a part below its threshold is in its power reset.
@Suite struct BrownOutTests {
  /// BOR_LEV in OPTCR, where each level falls and where it rises, in millivolts (DS8626).
  private static let levels: [(bits: UInt32, falling: Int, rising: Int)] = [
    (0b00, 2830, 2920), (0b01, 2500, 2590), (0b10, 2190, 2290),
  ]

  private func answers(_ bench: BoardBench) -> Bool {
    bench.clock.advance(by: 5_000_000)
    return bench.connect() != .silence
  }

  private func supply(_ bench: BoardBench, _ millivolts: Int) {
    bench.board.changeSupply { $0.regulatorMillivolts = millivolts }
  }

  @Test(arguments: levels.map(\.bits))
  func `a part goes into reset below its level and leaves it above`(bits: UInt32) throws {
    let level = try #require(Self.levels.first { $0.bits == bits })
    let bench = try BoardBench("stm32f407vg")
    bench.connect()
    bench.putOptions(0x0FFF_AAE0 | bits << 2)
    bench.board.cyclePower()
    #expect(answers(bench))
    supply(bench, level.falling)
    #expect(answers(bench))
    supply(bench, level.falling - 1)
    #expect(!answers(bench))
    supply(bench, level.rising - 1)
    #expect(!answers(bench))
    supply(bench, level.rising)
    #expect(answers(bench))
    #expect(bench.inside(0x4002_3874).map { $0 >> 24 & 0xF } == 0xE, "BORRSTF, PINRSTF and PORRSTF")
  }

  @Test
  func `a level above the supply takes the part away with the reset that loads it, and another supply brings it back`()
    throws
  {
    let bench = try BoardBench("stm32f407vg", millivolts: 2700)
    bench.connect()
    bench.putOptions(0x0FFF_AAE0)
    #expect(answers(bench))
    bench.board.driveReset(low: true)
    bench.board.driveReset(low: false)
    #expect(!answers(bench))
    supply(bench, 3300)
    #expect(answers(bench))
  }

  @Test func `without a level a part works down to its power-down reset`() throws {
    let bench = try BoardBench("stm32f407vg", millivolts: 1700)
    #expect(answers(bench))
    supply(bench, 1600)
    #expect(!answers(bench))
  }
}
