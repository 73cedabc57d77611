import Testing

@testable import SimProbe

/// Stop and Standby: what stands still, what ends them, and what is left (RM0090, 5.3).
@Suite struct `Power modes` {
  private static let powerControl: UInt32 = 0x4000_7000
  private static let powerStatus: UInt32 = 0x4000_7004
  private static let resetStatus: UInt32 = 0x4002_3874
  private static let timer: UInt32 = 0x4000_0000
  private static let debugControl: UInt32 = 0xE004_2004
  private static let interruptMask: UInt32 = 0x4001_3C00
  private static let risingEdges: UInt32 = 0x4001_3C08
  private static let pending: UInt32 = 0x4001_3C14

  /// A board whose clocks are all on, with a halted core; its firmware is an endless loop.
  private func bench() throws -> BoardBench {
    let bench = try BoardBench()
    for (index, word): (Int, UInt32) in [0x2000_8000, 0x0800_0009, 0xE7FE_E7FE].enumerated() {
      bench.chip.flash.main.store(word, .word, at: index * 4)
    }
    bench.board.cyclePower()
    bench.pass(milliseconds: 5)
    bench.connect()
    bench.write(0xE000_EDF0, 0xA05F_0003)
    bench.enableClocks()
    return bench
  }

  /// Lets the core execute WFI with SLEEPDEEP and PRIMASK set, then count in R4 and stay in a loop.
  private func sleepDeeply(_ bench: BoardBench, standby: Bool = false, extra: UInt32 = 0) {
    bench.write(Self.powerControl, 0xC100 | (standby ? 2 : 0) | extra)
    bench.write(0xE000_ED10, 4)
    bench.setRegister(20, 1)
    // WFI; ADDS R4,#1; B .
    bench.start(
      [0xBF30, 0x3401, 0xE7FE], in: bench.chip.bus.sram, at: 0x2000_0000, registers: [0, 0, 0, 0, 0])
    bench.run(microseconds: 50)
  }

  /// An interrupt of the rising edge at PA0.
  private func armPin(_ bench: BoardBench) {
    bench.write(Self.interruptMask, 1)
    bench.write(Self.risingEdges, 1)
    bench.write(0xE000_E100, 1 << 6)
  }

  /// RTC on LSI with its wake-up timer every quarter of a second.
  private func armWakeUpTimer(_ bench: BoardBench) {
    bench.write(Self.powerControl, 0xC100)
    bench.write(Self.resetStatus, 1)
    bench.pass(milliseconds: 1)
    bench.write(0x4002_3870, 0x8200)
    for key: UInt32 in [0xCA, 0x53] { bench.write(0x4000_2824, key) }
    bench.write(0x4000_2814, 499)  // 500 periods of RTCCLK / 16
    bench.write(0x4000_2808, 0x4400)  // WUTIE, WUTE
  }

  // MARK: Stop

  @Test func `Stop stops the timers, and a pin's edge ends it on the internal oscillator`() throws {
    let bench = try bench()
    armPin(bench)
    bench.write(0x4002_3804, 0x0500_3C10)
    bench.write(0x4002_3C00, 3)
    bench.write(0x4002_3800, 0x0100_0083)
    bench.pass(milliseconds: 1)
    bench.write(0x4002_3808, 0x9402)
    bench.write(Self.timer, 1)
    sleepDeeply(bench)
    #expect(bench.chip.powerMode == .stop)
    let count = try #require(bench.inside(Self.timer + 0x24))
    let cycles = bench.chip.core.executedCycles
    bench.run(microseconds: 100_000)
    #expect(bench.inside(Self.timer + 0x24) == count)
    #expect(bench.chip.core.executedCycles == cycles, "SysTick and CYCCNT stand still with it")
    bench.chip.ports[0].drive(pin: 0, high: true)
    bench.run(microseconds: 12)
    #expect(bench.chip.core.registers[4] == 0, "13 us until the first instruction")
    bench.run(microseconds: 3)
    #expect(bench.chip.core.registers[4] == 1)
    #expect(bench.chip.clocks.tree.system == 16_000_000 && bench.chip.clocks.tree.apb1 == 4_000_000)
    #expect(bench.inside(0x4002_3800).map { $0 & 0x0303_0003 } == 3, "PLL and HSE are off")
    let passed = try #require(bench.inside(Self.timer + 0x24)) - count
    #expect((14 * 8...16 * 8).contains(passed), "the timer goes on where it stood")
    #expect(bench.inside(Self.powerStatus).map { $0 & 3 } == 0, "Stop leaves no flags")
  }

  @Test(arguments: [(0x001, 17), (0x201, 110)] as [(UInt32, UInt64)])
  func `the regulator's and the flash's low-power modes lengthen the way back`(control: UInt32, time: UInt64) throws {
    let bench = try bench()
    armPin(bench)
    sleepDeeply(bench, extra: control)
    bench.chip.ports[0].drive(pin: 0, high: true)
    bench.run(microseconds: time - 1)
    #expect(bench.chip.core.registers[4] == 0)
    bench.run(microseconds: 3)
    #expect(bench.chip.core.registers[4] == 1)
  }

  @Test func `an edge that nothing asks for leaves the chip in Stop`() throws {
    let bench = try bench()
    sleepDeeply(bench)
    bench.chip.ports[0].drive(pin: 0, high: true)
    bench.run(microseconds: 1000)
    #expect(bench.chip.powerMode == .stop)
  }

  @Test func `a pending interrupt keeps WFI from entering Stop`() throws {
    let bench = try bench()
    bench.write(0xE000_E100, 1 << 6)
    bench.write(0xE000_E200, 1 << 6)
    bench.write(Self.timer, 1)
    sleepDeeply(bench)
    #expect(bench.chip.core.registers[4] == 1 && bench.chip.powerMode == .run)
  }

  @Test func `the wake-up timer of RTC ends Stop at its time`() throws {
    let bench = try bench()
    bench.write(Self.interruptMask, 1 << 22)
    bench.write(Self.risingEdges, 1 << 22)
    bench.write(0xE000_E100, 1 << 3)
    armWakeUpTimer(bench)
    let armed = bench.clock.nanoseconds
    sleepDeeply(bench)
    bench.run(microseconds: 240_000 - (bench.clock.nanoseconds - armed) / 1000)
    #expect(bench.chip.powerMode == .stop)
    bench.run(microseconds: 20_000)
    #expect(bench.chip.core.registers[4] == 1)
    #expect(bench.inside(Self.pending) == 1 << 22)
  }

  @Test func `the watchdog goes on in Stop and resets`() throws {
    let bench = try bench()
    bench.write(0x4000_3000, 0xCCCC)
    sleepDeeply(bench)
    bench.run(microseconds: 505_000)
    #expect(bench.chip.powerMode == .stop)
    bench.run(microseconds: 20_000)
    #expect(bench.inside(Self.resetStatus).map { $0 & 1 << 29 } == 1 << 29, "IWDGRSTF")
    #expect(bench.chip.powerMode == .run)
  }

  @Test func `a frame that is being sent goes on after Stop`() throws {
    let bench = try bench()
    armPin(bench)
    let sent = Recorder(bench.chip.serialOutput)
    bench.write(0x4000_4408, 16_000_000 / 100)  // 100 baud: 100 ms a frame
    bench.write(0x4000_440C, 0x2008)
    bench.write(0x4000_4404, 0x41)
    sleepDeeply(bench)
    bench.run(microseconds: 1_000_000)
    #expect(sent.values.isEmpty && bench.chip.powerMode == .stop)
    bench.chip.ports[0].drive(pin: 0, high: true)
    bench.run(microseconds: 110_000)
    #expect(sent.values.map(\.frame.data) == [0x41])
  }

  @Test func `an erase is over before Stop begins`() throws {
    let bench = try bench()
    bench.unlockFlash()
    bench.write(0x4002_3C10, 0x1_0202)
    sleepDeeply(bench)
    #expect(bench.chip.powerMode == .sleep)
    bench.run(microseconds: 400_000)
    #expect(bench.chip.powerMode == .stop)
  }

  @Test func `with DBG_STOP the clocks stay, the debugger gets in, and SysTick wakes the core`() throws {
    let bench = try bench()
    bench.write(Self.debugControl, 2)
    bench.write(Self.timer, 1)
    sleepDeeply(bench)
    #expect(bench.chip.powerMode == .stop)
    let count = try #require(bench.read(Self.timer + 0x24))
    bench.pass(milliseconds: 1)
    #expect(try #require(bench.read(Self.timer + 0x24)) > count + 16_000)
    #expect(bench.read(0xE000_EDF0).map { $0 & 1 << 18 } == 1 << 18, "S_SLEEP")
    bench.write(0xE000_E014, 99)
    bench.write(0xE000_E018, 0)
    bench.write(0xE000_E010, 7)
    bench.run(microseconds: 100)
    #expect(bench.chip.core.registers[4] == 1, "as ST's errata sheets warn")
  }

  @Test func `halting a core in Stop wakes it`() throws {
    let bench = try bench()
    bench.write(Self.debugControl, 2)
    sleepDeeply(bench)
    bench.write(0xE000_EDF0, 0xA05F_0003)
    #expect(bench.chip.powerMode == .run)
    #expect(bench.read(0xE000_EDF0).map { $0 & 1 << 17 } == 1 << 17)
  }

  @Test(arguments: [(false, 0x0FFF_AAAC), (true, 0x0FFF_AA6C)] as [(Bool, UInt32)])
  func `option bytes can make entering either a reset`(standby: Bool, options: UInt32) throws {
    let bench = try bench()
    bench.putOptions(options)
    sleepDeeply(bench, standby: standby)
    bench.run(microseconds: 2000)
    #expect(bench.inside(Self.resetStatus).map { $0 & 1 << 31 } == 1 << 31, "LPWRRSTF")
    #expect(bench.chip.powerMode == .run)
    bench.enableClocks()
    sleepDeeply(bench, standby: !standby)
    #expect(bench.chip.powerMode == (standby ? .stop : .standby), "the other one is entered")
  }

  // MARK: Standby

  @Test func `Standby loses RAM and ends by the wake-up pin with its flags set`() throws {
    let bench = try bench()
    bench.write(Self.powerControl, 0xC100)
    bench.write(Self.powerStatus, 1 << 9)
    #expect(bench.read(Self.powerStatus).map { $0 & 1 << 3 } == 1 << 3, "BRR follows BRE")
    bench.write(0x4002_4000, 0x600D_600D)
    bench.write(0x4000_2850, 0x1234_5678)
    bench.write(Self.powerStatus, 1 << 9 | 1 << 8)
    bench.write(Self.resetStatus, 1 << 24)
    sleepDeeply(bench, standby: true)
    bench.chip.bus.sram.store(0x5555_5555, .word, at: 0x100)
    #expect(bench.chip.powerMode == .standby && !bench.chip.answersDebugger)
    bench.run(microseconds: 10_000)
    bench.chip.ports[0].drive(pin: 0, high: true)
    bench.run(microseconds: 370)
    #expect(bench.chip.isInReset)
    bench.run(microseconds: 10)
    #expect(!bench.chip.isInReset && bench.chip.powerMode == .run)
    #expect(bench.connect() == .ok(0x2BA0_1477))
    #expect(bench.read(Self.debugControl) == 0, "the debug unit had no supply")
    bench.enableClocks()
    #expect(bench.read(Self.powerStatus) == 0x420B, "VOSRDY, BRE, BRR, SBF, WUF, and no EWUP")
    #expect(bench.read(Self.resetStatus).map { $0 & 0xFE00_0000 } == 0x0E00_0000, "a power reset")
    #expect(bench.chip.bus.sram.word(at: 0x100) != 0x5555_5555)
    #expect(bench.read(0x4002_4000) == 0x600D_600D, "backup SRAM")
    #expect(bench.read(0x4000_2850) == 0x1234_5678, "backup register")
    bench.write(Self.powerControl, 0xC00C)
    #expect(bench.read(Self.powerStatus) == 0x4208, "CWUF and CSBF")
  }

  @Test func `without the backup regulator Standby loses the backup SRAM too`() throws {
    let bench = try bench()
    bench.write(Self.powerControl, 0xC100)
    bench.write(0x4002_4000, 0x600D_600D)
    sleepDeeply(bench, standby: true)
    bench.board.driveReset(low: true)
    bench.board.driveReset(low: false)
    bench.connect()
    bench.enableClocks()
    #expect(bench.read(0x4002_4000) != 0x600D_600D)
    #expect(bench.read(Self.powerStatus) == 0x4002, "SBF after NRST as well")
  }

  @Test func `RTC ends Standby, and a flag that was not cleared ends the next one at once`() throws {
    let bench = try bench()
    armWakeUpTimer(bench)
    sleepDeeply(bench, standby: true)
    #expect(bench.chip.powerMode == .standby)
    bench.run(microseconds: 300_000)
    #expect(bench.chip.powerMode == .run)
    bench.connect()
    bench.write(0xE000_EDF0, 0xA05F_0003)
    bench.enableClocks()
    #expect(bench.read(Self.powerStatus) == 0x4003)
    sleepDeeply(bench, standby: true)
    bench.run(microseconds: 500)
    #expect(bench.chip.powerMode == .run, "WUF was left set")
  }

  @Test func `the watchdog goes on in Standby`() throws {
    let bench = try bench()
    bench.write(0x4000_3000, 0xCCCC)
    sleepDeeply(bench, standby: true)
    bench.run(microseconds: 520_000)
    #expect(bench.inside(Self.resetStatus).map { $0 & 1 << 29 } == 1 << 29)
    #expect(bench.chip.power.registers[4] & 2 == 2, "SBF")
  }

  @Test func `with DBG_STANDBY the debugger stays and RAM too`() throws {
    let bench = try bench()
    bench.write(Self.debugControl, 4)
    bench.write(Self.powerStatus, 1 << 8)
    sleepDeeply(bench, standby: true)
    #expect(bench.chip.powerMode == .standby)
    bench.write(0x2000_0100, 0x5555_5555)
    bench.chip.ports[0].drive(pin: 0, high: true)
    bench.run(microseconds: 2000)
    #expect(bench.read(0x2000_0100) == 0x5555_5555)
    #expect(bench.read(Self.debugControl) == 4)
    bench.enableClocks()
    #expect(bench.read(Self.powerStatus) == 0x4003)
  }
}
