import Testing

@testable import SimProbe

/// The board as a probe meets it: wires, supply, resets, and what each leaves alive.
@Suite struct BoardTests {
  @Test func `every board of the catalogue carries a chip of the catalogue`() throws {
    for board in BoardModel.catalogue {
      #expect(try ChipModel(named: board.chip).name == board.chip)
      #expect(["v2", "v2-1", "v3"].contains(board.probeProfile))
    }
    #expect(BoardModel.catalogue.count > 30)
  }

  @Test func `a chip's name makes a board of no make`() throws {
    let board = try BoardModel.named("STM32F446RET6")
    #expect(board.chip == "stm32f446re")
    #expect(board.probeProfile == "v2-1")
    #expect(throws: ChipNameError.self) { try BoardModel.named("nucleo-f999zz") }
  }

  @Test func `a healthy board answers its identity`() throws {
    let bench = try BoardBench("nucleo-f429zi")
    #expect(bench.connect() == .ok(0x2BA0_1477))
    #expect(bench.read(0xE004_2000) == 0x2001_6419)
    #expect(bench.read(0x1FFF_7A20) == 0x0800_C000)
    #expect(bench.read(0xE000_ED00) == 0x410F_C241)
    #expect(bench.board.referenceMillivolts == 3300)
  }

  @Test func `open jumpers leave the voltage and take the answer`() throws {
    let bench = try BoardBench()
    bench.board.areJumpersClosed = false
    #expect(bench.connect() == .silence)
    #expect(bench.board.referenceMillivolts == 3300)
    bench.board.areJumpersClosed = true
    #expect(bench.connect() == .ok(0x2BA0_1477))
  }

  @Test func `a board without power answers nothing`() throws {
    let bench = try BoardBench(millivolts: 0)
    #expect(bench.connect() == .silence)
    #expect(bench.board.referenceMillivolts == 0)
    bench.board.changeSupply { $0.regulatorMillivolts = 3300 }
    bench.pass(milliseconds: 5)
    #expect(bench.connect() == .ok(0x2BA0_1477))
  }

  @Test func `a power cycle randomizes RAM, keeps the flash and drops the debug registers`() throws {
    let bench = try BoardBench()
    bench.connect()
    bench.chip.flash.main.store(0x1234_5678, .word, at: 0)
    bench.write(0x2000_0000, 0xCAFE_F00D)
    bench.write(0xE004_2004, 7)
    bench.write(0xE000_EDFC, 0x0100_0001)
    bench.board.cyclePower()
    #expect(bench.send(.read(.debug, 0x4)) == .silence)
    bench.pass(milliseconds: 2)
    bench.connect()
    #expect(bench.read(0x0800_0000) == 0x1234_5678)
    #expect(bench.read(0x2000_0000) != 0xCAFE_F00D)
    #expect(bench.read(0xE004_2004) == 0)
    #expect(bench.read(0xE000_EDFC) == 0)
    #expect(bench.read(0x4002_3874) == 0x0E00_0000)
  }

  @Test func `under NRST the debug registers answer and memory does not`() throws {
    let bench = try BoardBench()
    bench.board.driveReset(low: true)
    #expect(bench.connect() == .ok(0x2BA0_1477))
    #expect(bench.read(0xE004_2000) == 0x1001_6413)
    #expect(bench.write(0xE000_EDF0, 0xA05F_0001))
    #expect(bench.write(0xE000_EDFC, 0x0100_0001))
    #expect(bench.read(0x2000_0000) == nil)
    #expect(bench.read(0x4002_3C10) == nil)
    bench.board.driveReset(low: false)
    #expect(bench.read(0xE000_EDF0).map { $0 & 0x0202_0000 } == 0x0202_0000)
    #expect(bench.read(0xE000_ED30) == 0x8)
    #expect(bench.read(0x2000_0000) != nil)
  }

  @Test func `a reset wire that is open resets nothing`() throws {
    let bench = try BoardBench()
    bench.board.changeReset { $0.reachesProbe = false }
    bench.connect()
    _ = bench.read(0xE000_EDF0)
    bench.board.driveReset(low: true)
    #expect(bench.read(0x2000_0000) != nil)
    bench.board.driveReset(low: false)
    #expect(bench.read(0xE000_EDF0).map { $0 & 0x0200_0000 } == 0)
  }

  @Test func `a system reset clears the flash registers, keeps RAM and debug registers and holds NRST`() throws {
    let bench = try BoardBench()
    bench.connect()
    bench.write(0x2000_0000, 0xCAFE_F00D)
    bench.write(0xE004_2008, 0x1800)
    bench.unlockFlash()
    bench.write(0x4002_3C00, 5)
    bench.write(0xE000_ED0C, 0x05FA_0004)
    #expect(bench.read(0x2000_0000) == nil)
    bench.pass(milliseconds: 2)
    #expect(bench.read(0x2000_0000) == 0xCAFE_F00D)
    #expect(bench.read(0x4002_3C10) == 0x8000_0000)
    #expect(bench.read(0x4002_3C00) == 0)
    #expect(bench.read(0xE004_2008) == 0x1800)
    #expect(bench.read(0x4002_3874).map { $0 & 0x1400_0000 } == 0x1400_0000)
  }

  @Test func `the reset pulse of a board lasts 1.09 ms`() throws {
    let bench = try BoardBench()
    bench.connect()
    bench.write(0xE000_ED0C, 0x05FA_0004)
    let start = bench.clock.nanoseconds
    while bench.clock.nanoseconds < start + 10_000_000, bench.read(0x2000_0000) == nil {}
    let length = bench.clock.nanoseconds - start
    #expect((1_000_000...1_250_000).contains(length))
  }

  @Test func `a chip that boots from RAM shows it at address 0`() throws {
    let bench = try BoardBench()
    bench.chip.boot0 = true
    bench.chip.boot1 = true
    bench.board.driveReset(low: true)
    bench.board.driveReset(low: false)
    bench.connect()
    bench.write(0x2000_0010, 0x1357_9BDF)
    #expect(bench.read(0x0000_0010) == 0x1357_9BDF)
    bench.enableClocks()
    #expect(bench.read(0x4001_3800) == 3)
  }

  @Test func `a chip that boots from system memory stands in it`() throws {
    let bench = try BoardBench()
    bench.chip.boot0 = true
    bench.board.driveReset(low: true)
    bench.connect()
    bench.write(0xE000_EDF0, 0xA05F_0001)
    bench.write(0xE000_EDFC, 1)
    bench.board.driveReset(low: false)
    bench.write(0xE000_EDF4, 15)
    #expect(bench.read(0xE000_EDF8).map { $0 & 0xFFFF_0000 } == 0x1FFF_0000)
  }

  /// A bank with a stack pointer of its own and a loop as its program.
  private func putProgram(_ bench: BoardBench, at offset: Int, stack: UInt32) {
    bench.chip.flash.main.store(stack, .word, at: offset)
    bench.chip.flash.main.store(0x0800_0009, .word, at: offset + 4)
    bench.chip.flash.main.store(0xE7FE, .halfword, at: offset + 8)
  }

  private func restart(_ bench: BoardBench) {
    bench.board.driveReset(low: true)
    bench.board.driveReset(low: false)
    bench.clock.advance(by: 1_000_000)
  }

  @Test func `BFB2 starts bank 2 through the ROM when its first word can be a stack pointer`() throws {
    let bench = try BoardBench("stm32f429zi")
    putProgram(bench, at: 0x10_0000, stack: 0x2000_1000)
    putProgram(bench, at: 0, stack: 0x2000_2000)
    bench.connect()
    bench.putOptions(0x0FFF_AAFC)
    restart(bench)
    #expect(bench.read(0x0800_0000) == 0x2000_1000)
    #expect(bench.read(0x0810_0000) == 0x2000_2000)
    #expect(bench.read(0x4001_3800) == 0x100)
    // Without a program in bank 2 it is bank 1, in its own place.
    bench.chip.flash.main.store(0xFFFF_FFFF, .word, at: 0x10_0000)
    restart(bench)
    #expect(bench.read(0x0800_0000) == 0x2000_2000)
    #expect(bench.read(0x4001_3800) == 0)
    // Without any it stays in the bootloader.
    bench.chip.flash.main.store(0xFFFF_FFFF, .word, at: 0)
    restart(bench)
    bench.enableClocks()
    #expect(bench.read(0x4001_3800) == 1)
  }

  @Test func `a core that is caught at its reset vector with BFB2 set stands in the ROM, the banks not swapped`() throws
  {
    let bench = try BoardBench("stm32f429zi")
    putProgram(bench, at: 0x10_0000, stack: 0x2000_1000)
    bench.connect()
    bench.putOptions(0x0FFF_AAFC)
    bench.write(0xE000_EDF0, 0xA05F_0003)
    bench.write(0xE000_EDFC, 1)
    restart(bench)
    bench.write(0xE000_EDF4, 15)
    #expect(bench.read(0xE000_EDF8).map { $0 & 0xFFFF_0000 } == 0x1FFF_0000)
    #expect(bench.read(0x0810_0000) == 0x2000_1000)
  }

  @Test func `a part that puts PA13 to another use goes silent until reset`() throws {
    let bench = try BoardBench()
    bench.connect()
    bench.enableClocks()
    bench.write(0x4002_0000, 0xA000_0000)
    #expect(bench.connect() == .silence)
    bench.board.driveReset(low: true)
    #expect(bench.connect() == .ok(0x2BA0_1477))
  }

  @Test func `the first access after TAR waits once on an F429 and not on an F407`() throws {
    for (name, expected) in [("stm32f429zi", SWDAnswer.wait), ("stm32f407vg", .ok(0))] {
      let bench = try BoardBench(name)
      bench.connect()
      _ = bench.send(.write(.access, 0x4, 0x2000_0000))
      #expect(bench.send(.read(.access, 0xC)) == expected)
    }
  }
}
