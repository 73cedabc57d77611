import Testing

@testable import SimProbe

/// What a chip starts from, by its BOOT pins and by SYSCFG_MEMRMP (RM0090, 2.4).
@Suite struct `Booting` {
  @Test(arguments: [(BootMemory.flash, 0), (.system, 1), (.sram, 3)] as [(BootMemory, UInt32)])
  func `the configuration's choice reaches the pins`(memory: BootMemory, mode: UInt32) throws {
    var configuration = SimulationConfiguration(target: "stm32f407vg")
    configuration.bootMemory = memory
    let chip = try Simulation(configuration).board.chip
    #expect(chip.configuration.registers[0] == mode)
    let vector = chip.bus.read(4, .word, by: .debugger)
    let base: UInt32 = memory == .flash ? 0x0800_0000 : memory == .system ? 0x1FFF_0000 : 0x2000_0000
    #expect(vector == chip.bus.read(base + 4, .word, by: .debugger))
  }

  @Test func `a program in SRAM starts by its vectors there, and takes its interrupts through address 0`() throws {
    let bench = try BoardBench()
    bench.chip.boot0 = true
    bench.chip.boot1 = true
    bench.connect()
    // SVC vector; SVC; ADDS R5,#1; B . and the handler ADDS R4,#1; BX LR
    let words: [Int: UInt32] = [0: 0x2000_8000, 4: 0x2000_0101, 44: 0x2000_0181, 0x100: 0x3501_DF00, 0x104: 0xE7FE]
    for (offset, word) in words { bench.chip.bus.sram.store(word, .word, at: offset) }
    bench.chip.bus.sram.store(0x4770_3401, .word, at: 0x180)
    bench.board.driveReset(low: true)
    bench.board.driveReset(low: false)
    bench.run(microseconds: 100)
    #expect(bench.chip.core.programCounter == 0x2000_0104)
    #expect(bench.chip.core.registers[4] == 1 && bench.chip.core.registers[5] == 1)
  }

  @Test func `MEMRMP moves the vectors under a running core`() throws {
    let bench = try BoardBench()
    bench.connect()
    bench.write(0xE000_EDF0, 0xA05F_0003)
    bench.enableClocks()
    bench.chip.bus.sram.store(0x2000_0181, .word, at: 44)
    bench.chip.bus.sram.store(0xE7FE_3401, .word, at: 0x180)  // ADDS R4,#1; B .
    bench.write(0x4001_3800, 3)
    #expect(bench.read(0x2C) == 0x2000_0181)
    bench.write(0xE000_ED0C, 0x05FA_0002)
    bench.chip.bus.sram.store(0xE7FE_DF00, .word, at: 0x200)  // SVC; B .
    bench.start([], in: bench.chip.bus.sram, at: 0x2000_0200, registers: [0, 0, 0, 0, 0])
    bench.run(microseconds: 100)
    #expect(bench.chip.core.exceptionNumber == ExceptionNumber.supervisorCall)
    #expect(bench.chip.core.registers[4] == 1)
  }

  @Test func `level 2 boots from the flash whatever the pins say`() throws {
    let bench = try BoardBench()
    bench.connect()
    bench.putOptions(0x0FFF_CCEC)
    bench.chip.boot0 = true
    bench.board.cyclePower()
    #expect(bench.chip.configuration.registers[0] == 0)
  }
}
