import Testing

@testable import SimProbe

/// The watchdogs in virtual time, and what freezes them.
@Suite struct WatchdogTests {
  /// A connected board; the core halted where the test says so.
  private func bench(halted: Bool = false) throws -> BoardBench {
    let bench = try BoardBench()
    bench.connect()
    bench.enableClocks()
    // A branch to itself, so that a core that executes stays where it is.
    bench.chip.bus.sram.store(0xE7FE, .halfword, at: 0)
    if halted { bench.write(0xE000_EDF0, 0xA05F_0003) }
    bench.write(0x4002_3874, 0x0100_0000)
    return bench
  }

  private func causes(_ bench: BoardBench) -> UInt32? {
    bench.pass(milliseconds: 2)
    return bench.read(0x4002_3874)
  }

  @Test func `a started IWDG resets the chip after its default 512 ms`() throws {
    let bench = try bench()
    bench.write(0x4000_3000, 0xCCCC)
    bench.pass(milliseconds: 505)
    #expect(causes(bench) == 0)
    bench.pass(milliseconds: 10)
    #expect(causes(bench) == 0x2400_0000)
    bench.pass(milliseconds: 2000)
    #expect(causes(bench) == 0x2400_0000)
  }

  @Test func `a refresh changes nothing as long as the IWDG neither runs nor is unlocked`() {
    let watchdog = IndependentWatchdog()
    func write(_ key: UInt32) { _ = watchdog.write(0, key, .word, now: 0) }
    #expect(watchdog.absorbs(0xAAAA, at: 0))
    #expect(!watchdog.absorbs(0x5555, at: 0) && !watchdog.absorbs(0xCCCC, at: 0) && !watchdog.absorbs(0xAAAA, at: 4))
    write(0x5555)
    #expect(!watchdog.absorbs(0xAAAA, at: 0), "it locks the other registers")
    write(0xAAAA)
    #expect(watchdog.absorbs(0xAAAA, at: 0))
    write(0xCCCC)
    #expect(!watchdog.absorbs(0xAAAA, at: 0), "it winds the counter up")
  }

  @Test func `reloading keeps the IWDG quiet`() throws {
    let bench = try bench()
    bench.write(0x4000_3000, 0xCCCC)
    for _ in 0..<5 {
      bench.pass(milliseconds: 400)
      bench.write(0x4000_3000, 0xAAAA)
    }
    #expect(causes(bench) == 0)
  }

  @Test func `prescaler and reload take effect only when unlocked`() throws {
    let bench = try bench()
    bench.write(0x4000_3004, 6)
    #expect(bench.read(0x4000_3004) == 0)
    bench.write(0x4000_3000, 0x5555)
    bench.write(0x4000_3004, 6)
    bench.write(0x4000_3008, 0xABC)
    #expect(bench.read(0x4000_3004) == 6)
    #expect(bench.read(0x4000_3008) == 0xABC)
    bench.write(0x4000_3008, 0xFFF)
    bench.write(0x4000_3000, 0xCCCC)
    bench.pass(milliseconds: 32_700)
    #expect(causes(bench) == 0)
    bench.pass(milliseconds: 100)
    #expect(causes(bench) == 0x2400_0000)
  }

  @Test func `the debug unit freezes the IWDG only while the core is halted`() throws {
    let halted = try bench(halted: true)
    halted.write(0xE004_2008, 0x1000)
    halted.write(0x4000_3000, 0xCCCC)
    halted.pass(milliseconds: 5000)
    #expect(causes(halted) == 0)
    halted.write(0xE000_EDF0, 0xA05F_0001)
    halted.pass(milliseconds: 600)
    #expect(causes(halted) == 0x2400_0000)
  }

  @Test func `a halted core without the freeze bit is reset all the same`() throws {
    let bench = try bench(halted: true)
    bench.write(0x4000_3000, 0xCCCC)
    bench.pass(milliseconds: 600)
    #expect(causes(bench) == 0x2400_0000)
  }

  @Test func `the hardware watchdog of the option bytes starts after reset`() throws {
    let bench = try bench()
    bench.putOptions(0x0FFF_AACC)
    bench.pass(milliseconds: 1000)
    #expect(causes(bench) == 0)
    bench.write(0xE000_ED0C, 0x05FA_0004)
    bench.pass(milliseconds: 2)
    bench.write(0x4002_3874, 0x0100_0000)
    bench.pass(milliseconds: 520)
    #expect(causes(bench) == 0x2400_0000)
  }

  @Test func `a watchdog in an erase leaves the sector half erased`() throws {
    let bench = try bench()
    for word in 0..<64 { bench.chip.flash.main.store(0, .word, at: 0x2_0000 + word * 4) }
    bench.write(0x4000_3000, 0xCCCC)
    bench.unlockFlash()
    bench.write(0x4002_3C10, 0x02A)
    bench.write(0x4002_3C10, 0x1_002A)
    bench.pass(milliseconds: 3000)
    #expect(bench.read(0x4002_3C10) == 0x8000_0000)
    #expect((0..<64).contains { bench.chip.flash.main.word(at: 0x2_0000 + $0 * 4) != 0xFFFF_FFFF })
  }

  @Test func `an enabled WWDG counts 4096 clocks a step and resets at 0x3F`() throws {
    let bench = try bench()
    bench.write(0x4000_2C00, 0xFF)
    bench.pass(milliseconds: 14)
    #expect(bench.read(0x4002_3874) == 0)
    bench.pass(milliseconds: 3)
    #expect(causes(bench) == 0x4400_0000)
  }

  @Test func `the WWDG shows its count`() throws {
    let bench = try bench()
    bench.write(0x4000_2C00, 0xFF)
    bench.clock.advance(by: 10 * 256_000)
    #expect(bench.read(0x4000_2C00).map { $0 & 0x7F } == 0x75)
  }

  @Test func `a WWDG reload above the window resets`() throws {
    let bench = try bench()
    bench.write(0x4000_2C04, 0x50)
    bench.write(0x4000_2C00, 0xFF)
    bench.write(0x4000_2C00, 0xFF)
    #expect(causes(bench) == 0x4400_0000)
  }

  @Test func `a WWDG reload inside the window keeps it quiet`() throws {
    let bench = try bench()
    bench.write(0x4000_2C00, 0xFF)
    for _ in 0..<10 {
      bench.pass(milliseconds: 10)
      bench.write(0x4000_2C00, 0xFF)
    }
    #expect(bench.read(0x4002_3874) == 0)
  }

  @Test func `the debug unit freezes the WWDG while the core is halted`() throws {
    let bench = try bench(halted: true)
    bench.write(0xE004_2008, 0x0800)
    bench.write(0x4000_2C00, 0xFF)
    bench.pass(milliseconds: 1000)
    #expect(causes(bench) == 0)
  }
}
