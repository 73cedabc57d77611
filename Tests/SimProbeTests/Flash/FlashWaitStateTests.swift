import Testing

@testable import SimProbe

/// Reads of the flash with as many wait states as they need, and with fewer.
@Suite struct `Flash wait states` {
  private static let accessControl: UInt32 = 0x4002_3C00
  private static let hertz: UInt64 = 1_000_000

  @Test(
    arguments: [
      (.f2, 120, 3300, 3), (.f2, 120, 2500, 4), (.f2, 120, 2300, 6), (.f2, 120, 1800, 7), (.f40x, 168, 3300, 5),
      (.f40x, 168, 2300, 7), (.f40x, 168, 1900, nil), (.f42x, 180, 2700, 5), (.f42x, 180, 2200, 8),
      (.f446, 168, 1900, 8), (.f42x, 200, 3300, nil), (.f401de, 84, 3300, 2), (.f411, 100, 3300, 3),
      (.f410, 65, 3300, 2), (.f413, 64, 3300, 1),
    ] as [(Die, UInt64, Int, UInt32?)])
  func `the tables are those of the manuals`(die: Die, megahertz: UInt64, millivolts: Int, needed: UInt32?) {
    #expect(die.waitStates.needed(hertz: megahertz * Self.hertz, millivolts: millivolts) == needed)
  }

  @Test func `the internal oscillator needs none on any part`() {
    for variant in ChipCatalogue.variants {
      #expect(variant.die.waitStates.needed(hertz: 16 * Self.hertz, millivolts: 1700) == 0, "\(variant.name)")
    }
  }

  /// A board with a word in its flash, whose HCLK is 120 MHz from the internal oscillator.
  private func bench(latency: UInt32, millivolts: Int = 3300) throws -> BoardBench {
    let bench = try BoardBench(millivolts: millivolts)
    bench.chip.flash.main.store(0x1234_5678, .word, at: 0x100)
    bench.connect()
    bench.write(0xE000_EDF0, 0xA05F_0003)
    bench.write(Self.accessControl, latency)
    bench.write(0x4002_3804, 0x0500_3C10)
    bench.write(0x4002_3800, 0x0100_0083)
    bench.pass(milliseconds: 1)
    bench.write(0x4002_3808, 0x9402)
    bench.chip.synchronise()
    #expect(bench.chip.clocks.tree.ahb == 120 * Self.hertz)
    return bench
  }

  @Test func `reads with too few give ones until there are enough`() throws {
    let bench = try bench(latency: 2)
    #expect(bench.read(0x0800_0100) == 0xFFFF_FFFF)
    #expect(bench.read(0x0000_0100) == 0xFFFF_FFFF)
    let reads = try #require(bench.chip.flash.earlyReads)
    #expect(reads.hertz == 120 * Self.hertz && reads.latency == 2 && reads.needed == 3 && reads.millivolts == 3300)
    #expect(reads.count == 2 && reads.programCounter == nil)
    bench.write(Self.accessControl, 3)
    #expect(bench.read(0x0800_0100) == 0x1234_5678)
    #expect(bench.chip.flash.earlyReads?.count == 2)
  }

  @Test func `what is enough at 3_3 V is not at 2_5 V`() throws {
    #expect(try bench(latency: 3).read(0x0800_0100) == 0x1234_5678)
    #expect(try bench(latency: 3, millivolts: 2500).read(0x0800_0100) == 0xFFFF_FFFF)
    #expect(try bench(latency: 4, millivolts: 2500).read(0x0800_0100) == 0x1234_5678)
  }

  @Test func `taking the wait states away again ends it at once`() throws {
    let bench = try bench(latency: 3)
    bench.write(Self.accessControl, 0)
    #expect(bench.read(0x0800_0100) == 0xFFFF_FFFF)
    bench.write(0x4002_3808, 0x9400)
    #expect(bench.read(0x0800_0100) == 0x1234_5678, "16 MHz need none")
  }

  @Test func `identity, OTP and the ROM are read through the same sense amplifiers`() throws {
    let bench = try bench(latency: 0)
    for address: UInt32 in [0x1FFF_0000, 0x1FFF_7A10, 0x1FFF_7A20] { #expect(bench.read(address) == 0xFFFF_FFFF) }
  }

  @Test func `code in flash locks up when its clock outruns it, and code in RAM does not`() throws {
    // MOVS R4,#0; loop: ADDS R4,#1; B loop
    let code: [UInt16] = [0x2400, 0x3401, 0xE7FD]
    for (isInFlash, state) in [(true, CortexCore.State.lockedUp), (false, .running)] {
      let bench = try bench(latency: 3)
      bench.chip.flash.main.store(0x2000_8000, .word, at: 0)
      let memory = isInFlash ? bench.chip.flash.main : bench.chip.bus.sram
      bench.start(code, in: memory, at: isInFlash ? 0x0800_0000 : 0x2000_0000, registers: [])
      bench.run(microseconds: 100)
      #expect(bench.chip.core.state == .running)
      #expect(bench.chip.flash.earlyReads == nil)
      bench.write(Self.accessControl, 0)
      bench.run(microseconds: 100)
      #expect(bench.chip.core.state == state)
      #expect((bench.chip.flash.earlyReads?.programCounter != nil) == isInFlash)
    }
  }
}
