import Testing

@testable import SimProbe

/// The timers' registers in virtual time, seen by a debugger at 16 MHz.
@Suite struct TimerTests {
  private static let tim2: UInt32 = 0x4000_0000
  private static let tim6: UInt32 = 0x4000_1000

  private func bench(halted: Bool = true) throws -> BoardBench {
    let bench = try BoardBench("stm32f429zi")
    bench.connect()
    bench.enableClocks()
    if halted { bench.write(0xE000_EDF0, 0xA05F_0003) }
    return bench
  }

  /// Starts a timer that counts microseconds up to a value.
  private func start(_ bench: BoardBench, _ base: UInt32, reload: UInt32, control: UInt32 = 1) {
    bench.write(base + 0x28, 15)
    bench.write(base + 0x2C, reload)
    bench.write(base, control & ~1)
    bench.write(base + 0x14, 1)
    bench.write(base + 0x10, 0)
    bench.write(base, control)
  }

  @Test func `the counter counts the prescaled clock and wraps at the reload value`() throws {
    let bench = try bench()
    start(bench, Self.tim2, reload: 999_999)
    let begin = bench.clock.nanoseconds
    bench.pass(milliseconds: 400)
    let counted = try UInt64(#require(bench.read(Self.tim2 + 0x24)))
    let passed = (bench.clock.nanoseconds - begin) / 1000
    #expect((passed - 150...passed).contains(counted))
    bench.pass(milliseconds: 700)
    #expect(try UInt64(#require(bench.read(Self.tim2 + 0x24))) < 200_000)
    #expect(bench.read(Self.tim2 + 0x10).map { $0 & 1 } == 1)
    bench.write(Self.tim2 + 0x10, 0)
    #expect(bench.read(Self.tim2 + 0x10).map { $0 & 1 } == 0)
  }

  @Test func `an update interrupt reaches the core at its time`() throws {
    let bench = try bench()
    start(bench, Self.tim6, reload: 9_999)
    bench.write(Self.tim6 + 0xC, 1)
    bench.pass(milliseconds: 9)
    #expect(bench.read(0xE000_E204).map { $0 & 1 << 22 } == 0)
    bench.pass(milliseconds: 2)
    #expect(bench.read(0xE000_E204).map { $0 & 1 << 22 } == 1 << 22)
  }

  @Test func `a compare match sets its flag once the counter gets there`() throws {
    let bench = try bench()
    bench.write(Self.tim2 + 0x34, 5_000)
    bench.write(Self.tim2 + 0x38, 2_000_000)
    start(bench, Self.tim2, reload: 999_999)
    bench.pass(milliseconds: 4)
    #expect(bench.read(Self.tim2 + 0x10).map { $0 & 0x6 } == 0)
    bench.pass(milliseconds: 2)
    #expect(bench.read(Self.tim2 + 0x10).map { $0 & 0x6 } == 0x2)
  }

  @Test func `one pulse ends with the counter off`() throws {
    let bench = try bench()
    start(bench, Self.tim2, reload: 1_000, control: 0x9)
    #expect(bench.read(Self.tim2) == 0x9)
    bench.pass(milliseconds: 2)
    #expect(bench.read(Self.tim2) == 0x8)
    #expect(bench.read(Self.tim2 + 0x24) == 0)
  }

  @Test func `counting down updates below zero`() throws {
    let bench = try bench()
    start(bench, Self.tim2, reload: 10_000, control: 0x11)
    bench.write(Self.tim2 + 0x24, 5_000)
    bench.pass(milliseconds: 4)
    #expect(bench.read(Self.tim2 + 0x10).map { $0 & 1 } == 0)
    bench.pass(milliseconds: 2)
    #expect(bench.read(Self.tim2 + 0x10).map { $0 & 1 } == 1)
    #expect(try #require(bench.read(Self.tim2 + 0x24)) > 8_000)
  }

  @Test func `the debug unit freezes a timer while the core is halted`() throws {
    let bench = try bench()
    start(bench, Self.tim2, reload: 0xFFFF_FFFF)
    bench.write(0xE004_2008, 1)
    let frozen = bench.read(Self.tim2 + 0x24)
    bench.pass(milliseconds: 50)
    #expect(bench.read(Self.tim2 + 0x24) == frozen)
    bench.chip.bus.sram.store(0xE7FE, .halfword, at: 0)
    bench.write(0xE000_EDF8, 0x2000_0000)
    bench.write(0xE000_EDF4, 0x1_000F)
    bench.write(0xE000_EDF0, 0xA05F_0001)
    bench.pass(milliseconds: 50)
    #expect(try #require(bench.read(Self.tim2 + 0x24)) > 50_000)
  }

  @Test func `a 16-bit counter wraps at 16 bits and the repetition counter thins updates out`() throws {
    let bench = try bench()
    bench.write(0x4001_0030, 3)
    start(bench, 0x4001_0000, reload: 999)
    bench.pass(milliseconds: 3)
    #expect(bench.read(0x4001_0010).map { $0 & 1 } == 0)
    bench.pass(milliseconds: 2)
    #expect(bench.read(0x4001_0010).map { $0 & 1 } == 1)
    bench.write(0x4001_002C, 0xFFFF_1234)
    #expect(bench.read(0x4001_002C) == 0x1234)
  }

  // MARK: RTC

  @Test func `the calendar runs from LSI and rolls over`() throws {
    let bench = try bench()
    bench.write(0x4000_7000, 0xC100)
    bench.write(0x4002_3874, 1)
    bench.pass(milliseconds: 1)
    bench.write(0x4002_3870, 0x8200)
    for key: UInt32 in [0xCA, 0x53] { bench.write(0x4000_2824, key) }
    bench.write(0x4000_280C, 0xFFFF_FFFF)
    bench.pass(milliseconds: 1)
    #expect(bench.read(0x4000_280C).map { $0 & 0x40 } == 0x40)
    bench.write(0x4000_2810, 0x007F_00F9)
    bench.write(0x4000_2800, 0x0023_5958)
    bench.write(0x4000_2804, 0x0024_E228 | 0x7 << 13)
    bench.write(0x4000_280C, 0xFFFF_FF7F)
    bench.pass(milliseconds: 2500)
    #expect(bench.read(0x4000_2800) == 0)
    #expect(bench.read(0x4000_2804) == 0x0024_2229)
    bench.write(0x4000_2824, 0xFF)
    bench.write(0x4000_2800, 0x0012_0000)
    bench.write(0x4000_2850, 0x5A5A_1234)
    bench.write(0xE000_ED0C, 0x05FA_0004)
    bench.pass(milliseconds: 3)
    #expect(bench.read(0x4000_2850) == 0x5A5A_1234)
    #expect(try #require(bench.read(0x4000_2800)) < 0x60)
  }
}
