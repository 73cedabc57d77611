import Testing

@testable import SimProbe

/// What an operation in progress does to other accesses, and what a reset does to it (RM0090, 3.5 and 3.6).
@Suite struct FlashBusyTests {
  @Test func `a read of the busy bank waits for the end and then completes`() throws {
    var bench = try FlashBench()
    bench.unlock()
    bench.startErase(0)
    #expect(bench.load(0x8_0000) == .stalled(until: bench.now + 220_000_000))
    bench.finish()
    #expect(bench.load(0x8_0000).value == 0xFFFF_FFFF)
  }

  @Test(arguments: [(UInt32(0), 0x10_0000), (0b10000, 0)])
  func `the other bank can be read meanwhile`(selector: UInt32, otherBank: Int) throws {
    let bench = try FlashBench("stm32f429zi")
    bench.unlock()
    bench.startErase(selector)
    #expect(bench.load(otherBank).value == 0xFFFF_FFFF)
    guard case .stalled = bench.load(otherBank ^ 0x10_0000) else {
      Issue.record("the busy bank answered")
      return
    }
  }

  @Test func `a write to the other bank waits all the same`() throws {
    let bench = try FlashBench("stm32f429zi")
    bench.unlock()
    bench.startErase(0)
    #expect(bench.program(0x10_0000, 0) == .stalled(until: bench.now + 220_000_000))
  }

  @Test func `register reads do not wait and CR writes do`() throws {
    let bench = try FlashBench()
    bench.unlock()
    bench.startErase(0)
    #expect(bench.read(FlashBench.sr) == FlashBench.busy)
    #expect(bench.read(FlashBench.optcr) == 0x0FFF_AAED)
    #expect(bench.write(FlashBench.cr, 0) == .stalled(until: bench.now + 220_000_000))
    #expect(bench.write(FlashBench.optcr, 0) == .stalled(until: bench.now + 220_000_000))
    #expect(bench.write(FlashBench.sr, 0xF0) == .done(0, cycles: 0))
  }

  @Test func `an operation ends by itself and exactly on time`() throws {
    var bench = try FlashBench()
    bench.unlock()
    bench.startErase(0)
    bench.now += 219_999_999
    #expect(bench.read(FlashBench.sr) == FlashBench.busy)
    bench.now += 1
    #expect(bench.read(FlashBench.sr) == 0)
  }

  @Test func `a reset in an erase leaves the sector half erased and the rest alone`() throws {
    var bench = try FlashBench()
    bench.unlock()
    for offset in stride(from: 0, to: 0x5000, by: 4) { bench.put(0, at: offset) }
    bench.startErase(0)
    bench.now += 100_000_000
    bench.flash.reset(now: bench.now)
    let torn = bench.flash.main.contents(0..<0x4000)
    #expect(torn.contains { $0 != 0xFF } && torn.contains { $0 != 0 })
    #expect(bench.load(0x4000).value == 0)
    #expect(bench.read(FlashBench.sr) == 0)
    #expect(bench.read(FlashBench.cr) == 0x8000_0000)
  }

  @Test func `a torn erase is the same for the same seed`() throws {
    func tear(seed: UInt64) throws -> [UInt8] {
      var bench = try FlashBench(seed: seed)
      bench.unlock()
      bench.put(0, at: 0)
      bench.startErase(0)
      bench.flash.reset(now: bench.now)
      return bench.flash.main.contents(0..<4)
    }
    #expect(try tear(seed: 5) == tear(seed: 5))
    #expect(try (0..<8).map { try tear(seed: $0) }.contains { $0 != [0, 0, 0, 0] })
  }

  @Test func `a reset after the end of an erase finds it done`() throws {
    var bench = try FlashBench()
    bench.unlock()
    bench.put(0, at: 0)
    bench.startErase(0)
    bench.now += 220_000_000
    bench.flash.reset(now: bench.now)
    #expect(bench.load(0).value == 0xFFFF_FFFF)
  }

  @Test func `a reset in a programming pulse leaves bits between old and new`() throws {
    let bench = try FlashBench(seed: 3)
    bench.unlock()
    bench.write(FlashBench.cr, 0x201)
    bench.program(0, 0x0000_FFFF)
    bench.flash.reset(now: bench.now + 1)
    let value = try #require(bench.load(0).value)
    #expect(value & 0xFFFF == 0xFFFF)
    #expect(value >> 16 != 0)
  }
}
