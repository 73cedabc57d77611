import Testing

@testable import SimProbe

/// RCC's clock tree as software brings it up, and what its time costs.
@Suite struct ClockTests {
  private static let cr: UInt32 = 0x4002_3800
  private static let pllcfgr: UInt32 = 0x4002_3804
  private static let cfgr: UInt32 = 0x4002_3808

  private func connected(_ name: String) throws -> BoardBench {
    let bench = try BoardBench(name)
    bench.connect()
    bench.write(Self.cr, 0x83)
    return bench
  }

  /// Waits for a bit of RCC_CR; the time that took in nanoseconds, nil after 100 ms.
  private func wait(_ bench: BoardBench, for bit: UInt32) -> UInt64? {
    let begin = bench.clock.nanoseconds
    while bench.clock.nanoseconds < begin + 100_000_000 {
      if bench.read(Self.cr).map({ $0 & 1 << bit != 0 }) == true { return bench.clock.nanoseconds - begin }
    }
    return nil
  }

  @Test(
    arguments: [
      // PLLSAI with an M of its own 8, N 192, P 4; CK48MSEL in DCKCFGR2.
      ("nucleo-f446re", 28, 0x4002_3888, 8 | 192 << 6 | 1 << 16, 0x4002_3894),
      // The same with the main PLL's M, and CK48MSEL in DCKCFGR.
      ("32f469idiscovery", 28, 0x4002_3888, 192 << 6 | 1 << 16, 0x4002_388C),
      // PLLI2S with N 192 and Q 4.
      ("nucleo-f412zg", 26, 0x4002_3884, 8 | 192 << 6 | 4 << 24 | 2 << 28, 0x4002_3894),
    ] as [(String, UInt32, UInt32, UInt32, UInt32)])
  func `another PLL clocks USB where the program chooses it`(
    name: String, bit: UInt32, register: UInt32, loop: UInt32, selection: UInt32
  ) throws {
    let bench = try connected(name)
    // Both from HSI of 16 MHz.
    bench.write(Self.pllcfgr, 0x0840_5A08 & ~(1 << 22))
    bench.write(register, loop)
    bench.write(Self.cr, 0x83 | 1 << 24 | 1 << bit)
    _ = try #require(wait(bench, for: 25))
    _ = try #require(wait(bench, for: bit + 1))
    #expect(bench.chip.clocks.tree.usb == 90_000_000)
    bench.write(selection, 1 << 27)
    #expect(bench.chip.clocks.tree.usb == 96_000_000)
    bench.write(selection, 0)
    #expect(bench.chip.clocks.tree.usb == 90_000_000)
  }

  @Test(
    arguments: [
      // M 8, N 240, P 2, Q 5: the F2 at 120 MHz.
      ("nucleo-f207zg", 0x0540_3C08, 0x9400, ClockTree(120, 120, 30, 60, 60, 120, usb: 48)),
      // M 8, N 336, P 2, Q 7: 168 MHz.
      ("stm32f4discovery", 0x0740_5408, 0x9400, ClockTree(168, 168, 42, 84, 84, 168, usb: 48)),
      // M 8, N 360, P 2, Q 8: 180 MHz.
      ("nucleo-f446re", 0x0840_5A08, 0x9400, ClockTree(180, 180, 45, 90, 90, 180, usb: 45)),
      // HPRE 1/2, PPRE1 1/1, PPRE2 1/2.
      ("stm32f411re", 0x0400_3208 | 1 << 22 | 1 << 16, 0x8080, ClockTree(50, 25, 25, 12.5, 25, 25, usb: 50)),
    ] as [(String, UInt32, UInt32, ClockTree)])
  func `the PLL gives the documented clocks`(name: String, loop: UInt32, dividers: UInt32, tree: ClockTree) throws {
    let bench = try connected(name)
    bench.write(Self.pllcfgr, loop)
    bench.write(Self.cr, 0x0101_0083)
    _ = wait(bench, for: 25)
    bench.write(Self.cfgr, dividers | 2)
    #expect(bench.read(Self.cfgr) == dividers | 0xA)
    #expect(bench.chip.clocks.tree == tree)
    #expect(bench.chip.core.hclkHertz == tree.ahb)
    bench.write(0xE000_ED0C, 0x05FA_0004)
    bench.pass(milliseconds: 2)
    #expect(bench.chip.clocks.tree == .reset)
    #expect(bench.chip.core.hclkHertz == 16_000_000)
  }

  @Test func `a crystal takes its time and a driven clock does not`() throws {
    let crystal = try connected("stm32f4discovery")
    crystal.write(Self.cr, 0x0001_0083)
    #expect(try (1_900_000...2_300_000).contains(#require(wait(crystal, for: 17))))
    crystal.write(Self.cr, 0x0101_0083)
    #expect(try (150_000...500_000).contains(#require(wait(crystal, for: 25))))
    let driven = try connected("nucleo-f429zi")
    driven.write(Self.cr, 0x0005_0083)
    #expect(try #require(wait(driven, for: 17)) < 200_000)
  }

  @Test func `a crystal that is bypassed or not there never becomes ready`() throws {
    let bypassed = try connected("stm32f4discovery")
    bypassed.write(Self.cr, 0x0005_0083)
    #expect(wait(bypassed, for: 17) == nil)
    let bare = try connected("stm32f407vg")
    bare.chip.clocks.connect(.none)
    bare.write(Self.pllcfgr, 0x0740_5408)
    bare.write(Self.cr, 0x0101_0083)
    #expect(wait(bare, for: 17) == nil)
    #expect(wait(bare, for: 25) == nil)
    bare.write(Self.cfgr, 1)
    #expect(bare.read(Self.cfgr) == 1)
    #expect(bare.chip.core.hclkHertz == 16_000_000)
  }

  @Test(arguments: [UInt32(0x0740_5410), 0x0740_0C08, 0x0740_7C08])
  func `a PLL outside its limits locks as silicon does, and is told`(loop: UInt32) throws {
    let bench = try connected("stm32f4discovery")
    bench.write(Self.pllcfgr, loop)
    bench.write(Self.cr, 0x0101_0083)
    #expect(wait(bench, for: 25) != nil)
    let (input, output) = (8_000_000 / UInt64(loop & 0x3F), 8_000_000 / UInt64(loop & 0x3F) * UInt64(loop >> 6 & 0x1FF))
    let told = bench.chip.clocks.loopsOutsideLimits
    #expect(told.map(\.name) == ["PLL"])
    #expect(told.map(\.inputHertz) == [input] && told.map(\.outputHertz) == [output])
    // The same start is told once.
    bench.write(Self.cr, 0x0001_0083)
    bench.write(Self.cr, 0x0101_0083)
    #expect(bench.chip.clocks.loopsOutsideLimits.count == 1)
  }

  @Test func `a PLL within its limits is not told, and one without a divider never locks`() throws {
    let bench = try connected("stm32f4discovery")
    bench.write(Self.pllcfgr, 0x0740_5408)
    bench.write(Self.cr, 0x0101_0083)
    #expect(wait(bench, for: 25) != nil)
    bench.write(Self.cr, 0x0001_0083)
    bench.write(Self.pllcfgr, 0x0740_5401)
    bench.write(Self.cr, 0x0101_0083)
    #expect(wait(bench, for: 25) == nil)
    #expect(bench.chip.clocks.loopsOutsideLimits.isEmpty)
  }

  @Test func `the switch waits for its source and what is in use stays on`() throws {
    let bench = try connected("stm32f4discovery")
    bench.write(Self.cr, 0x0001_0083)
    bench.write(Self.cfgr, 1)
    #expect(bench.read(Self.cfgr) == 1)
    bench.pass(milliseconds: 3)
    #expect(bench.read(Self.cfgr) == 5)
    #expect(bench.chip.clocks.tree.ahb == 8_000_000)
    bench.write(Self.cr, 0x83)
    #expect(bench.read(Self.cr).map { $0 & 0x3_0000 } == 0x3_0000)
  }

  @Test func `losing the crystal under the security system ends on HSI with an NMI`() throws {
    let bench = try connected("stm32f4discovery")
    bench.write(0xE000_EDF0, 0xA05F_0003)
    bench.write(Self.cr, 0x0009_0083)
    bench.pass(milliseconds: 3)
    bench.write(Self.cfgr, 1)
    #expect(bench.chip.clocks.tree.ahb == 8_000_000)
    bench.chip.clocks.connect(.none)
    #expect(bench.chip.clocks.tree == .reset)
    #expect(bench.read(0x4002_380C).map { $0 & 0x80 } == 0x80)
    #expect(bench.read(0xE000_ED04).map { $0 & 1 << 31 } == 1 << 31)
  }

  @Test func `LSI and LSE start in their time, and the backup domain outlives a reset`() throws {
    let bench = try connected("nucleo-f429zi")
    bench.write(0x4002_3874, 1)
    #expect(bench.read(0x4002_3874).map { $0 & 3 } == 3)
    bench.write(0x4002_3870, 1)
    #expect(bench.read(0x4002_3870) == 0)
    bench.enableClocks()
    bench.write(0x4000_7000, 0xC100)
    bench.write(0x4002_3870, 1)
    bench.pass(milliseconds: 1900)
    #expect(bench.read(0x4002_3870) == 1)
    bench.pass(milliseconds: 200)
    #expect(bench.read(0x4002_3870) == 3)
    bench.write(0xE000_ED0C, 0x05FA_0004)
    bench.pass(milliseconds: 2)
    #expect(bench.read(0x4002_3870) == 3)
  }

  @Test func `a peripheral without its clock reads zero, takes nothing, and the access is kept`() throws {
    let bench = try connected("nucleo-f429zi")
    bench.write(0x4002_0C00, 0x55)
    #expect(bench.read(0x4002_0C00) == 0)
    let found = bench.chip.bus.peripherals.unmodelledAccesses
    #expect(found.map(\.reason) == [.noClock, .noClock])
    #expect(found.map(\.peripheral) == ["GPIOD", "GPIOD"])
    bench.enableClocks()
    bench.write(0x4002_0C00, 0x55)
    #expect(bench.read(0x4002_0C00) == 0x55)
    bench.write(0x4002_3810, 0xFFFF_FFFF)
    #expect(bench.read(0x4002_0C00) == 0)
  }

  @Test func `periods of a clock add up without drifting`() {
    var counter = PeriodCounter(hertz: 32_768)
    var sum: UInt64 = 0
    for step in 1...1000 { sum += counter.take(until: UInt64(step) * 1_000_003) }
    #expect(sum == 1_000_003_000 * 32_768 / 1_000_000_000)
    let due = counter.time(after: 10) ?? 0
    #expect(counter.take(until: due - 1) == 9)
    #expect(counter.take(until: due) == 1)
    counter.change(to: 0)
    #expect(counter.time(after: 1) == nil)
    #expect(counter.take(until: due + 1_000_000) == 0)
  }
}

extension ClockTree {
  /// A tree by its clocks in MHz.
  fileprivate init(
    _ system: Double, _ ahb: Double, _ apb1: Double, _ apb2: Double, _ timers1: Double, _ timers2: Double, usb: Double
  ) {
    func hertz(_ megahertz: Double) -> UInt64 { UInt64(megahertz * 1_000_000) }
    self.init(
      system: hertz(system), ahb: hertz(ahb), apb1: hertz(apb1), apb2: hertz(apb2), apb1Timers: hertz(timers1),
      apb2Timers: hertz(timers2), usb: hertz(usb), realTimeClock: 0)
  }
}
