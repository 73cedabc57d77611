import Testing

@testable import SimProbe

/// What a recording of an STM32F429 shows of byte reads: line 61 of traces/silicon/connect.swd and those behind it.
@Suite struct NarrowReadTests {
  @Test func `a byte read replaces its own lane and leaves the others as the last read left them`() throws {
    let bench = try BoardBench("stm32f429zi")
    bench.connect()
    let word = try #require(bench.read(0xE004_2000))
    bench.setWidth(.byte)
    #expect(bench.read(0x1FFF_7A22) == word & 0xFF00_FFFF)
    #expect(bench.read(0x1FFF_7A23) == word & 0x0000_FFFF | 0x0800_0000)
  }
}
