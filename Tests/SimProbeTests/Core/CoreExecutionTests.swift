import Testing

@testable import SimProbe

/// Small programs in flash, run by the clock.
@Suite struct `Core execution` {
  let bench = CoreBench()

  @Test func `a breakpoint instruction halts at itself`() {
    bench.program([0x2007, 0xBE00, 0x2008])
    bench.start()
    #expect(bench.peek(Register.dhcsr).map { $0 & 0x000F_00FF } == 0x0003_0003)
    #expect(bench.peek(Register.dfsr) == 2)
    #expect(bench.transfer(0) == 7)
    #expect(bench.transfer(15) == 0x0800_0102)
  }

  @Test func `without debugging a breakpoint instruction is a HardFault`() {
    bench.program([0xBE00], vectors: [3: 0x0800_0200])
    bench.programCode([0xE7FE], at: 0x200)
    bench.core.powerOnReset()
    bench.core.releaseReset()
    bench.run(10)
    #expect(bench.core.exceptionNumber == 3)
    #expect(bench.peek(0xE000_ED2C) == 0x8000_0000)
  }

  @Test func `a blank chip locks up as real ones do`() {
    bench.start()
    #expect(bench.peek(Register.dhcsr).map { $0 & 0x000F_0000 } == 0x0009_0000)
    bench.poke(Register.dhcsr, 0xA05F_0003)
    #expect(bench.transfer(15) == 0xFFFF_FFFE)
    #expect(bench.transfer(16) == 0x0100_0003)
    #expect(bench.transfer(13) == 0xFFFF_FFD8)
  }

  @Test func `a step executes one instruction`() {
    bench.program([0x2001, 0x3001, 0x3001, 0xE7FE])
    bench.startHalted()
    for expected: UInt32 in 1...3 {
      bench.poke(Register.dhcsr, 0xA05F_0005)
      bench.run(1)
      #expect(bench.core.isHalted)
      #expect(bench.transfer(0) == expected)
      #expect(bench.transfer(15) == 0x0800_0100 + expected * 2)
    }
    #expect(bench.peek(Register.dfsr).map { $0 & 1 } == 1)
  }

  @Test func `a step with masked interrupts does not enter a pending handler`() {
    bench.program([0xBF00, 0xBF00, 0xE7FE], vectors: [16: 0x0800_0200])
    bench.programCode([0xE7FE], at: 0x200)
    bench.startHalted()
    bench.poke(0xE000_E100, 1)
    bench.core.setInterrupt(0, pending: true)
    bench.poke(Register.dhcsr, 0xA05F_000B)
    bench.poke(Register.dhcsr, 0xA05F_000D)
    bench.run(1)
    #expect(bench.transfer(15) == 0x0800_0102)
    bench.poke(Register.dhcsr, 0xA05F_0003)
    bench.poke(Register.dhcsr, 0xA05F_0005)
    bench.run(1)
    #expect(bench.transfer(15) == 0x0800_0200)
    #expect(bench.transfer(16).map { $0 & 0x1FF } == 16)
  }

  @Test func `a comparator of the flash patch unit halts before its instruction`() {
    bench.program([0x2001, 0x2002, 0x2003, 0xE7FE])
    bench.startHalted()
    bench.poke(0xE000_2000, 3)
    bench.poke(0xE000_2008, 0x8800_0101)
    bench.poke(Register.dfsr, 0x1F)
    bench.poke(Register.dhcsr, 0xA05F_0001)
    bench.run(10)
    #expect(bench.transfer(15) == 0x0800_0102)
    #expect(bench.transfer(0) == 1)
    #expect(bench.peek(Register.dfsr) == 2)
  }

  @Test func `a data watchpoint halts after the store`() {
    // LDR r1, [pc, #4] (0x2000_0010); STR r0, [r1]; MOVS r0, #9; B .
    bench.program([0x4901, 0x6008, 0x2009, 0xE7FE, 0x0010, 0x2000])
    bench.startHalted()
    bench.poke(0xE000_1020, 0x2000_0010)
    bench.poke(0xE000_1028, 6)
    bench.poke(Register.dfsr, 0x1F)
    bench.poke(Register.dhcsr, 0xA05F_0001)
    bench.run(10)
    #expect(bench.core.isHalted)
    #expect(bench.transfer(15) == 0x0800_0104)
    #expect(bench.peek(Register.dfsr) == 4)
    #expect(bench.peek(0xE000_1028) == 0x0100_0006)
    #expect(bench.peek(0xE000_1028) == 0x0000_0006)
  }

  @Test func `an undefined instruction is a UsageFault where that is enabled`() {
    bench.program([0xDE00], vectors: [3: 0x0800_0200, 6: 0x0800_0300])
    bench.programCode([0xE7FE], at: 0x200)
    bench.programCode([0xE7FE], at: 0x300)
    bench.start()
    #expect(bench.core.exceptionNumber == 3)
    #expect(bench.peek(0xE000_ED2C) == 0x4000_0000)
    #expect(bench.peek(0xE000_ED28) == 0x0001_0000)
    bench.core.assertReset()
    bench.core.releaseReset()
    bench.poke(0xE000_ED24, 1 << 18)
    bench.run(10)
    #expect(bench.core.exceptionNumber == 6)
    #expect(bench.peek(0xE000_ED2C) == 0)
    // The stacked program counter is the undefined instruction's.
    #expect(bench.read(0x2000_8000 - 8, .word, by: .debugger) == .done(0x0800_0100, cycles: 0))
  }

  @Test func `a bus error names its address`() {
    // MOVS r0, #3; LSLS r0, #28; LDR r1, [r0]
    bench.program([0x2003, 0x0700, 0x6801], vectors: [3: 0x0800_0200])
    bench.programCode([0xE7FE], at: 0x200)
    bench.start()
    #expect(bench.core.exceptionNumber == 3)
    #expect(bench.peek(0xE000_ED28) == 0x0000_8200)
    #expect(bench.peek(0xE000_ED38) == 0x3000_0000)
  }

  @Test func `a fault in the HardFault handler locks the core up`() {
    bench.program([0xDE00], vectors: [3: 0x0800_0200])
    bench.programCode([0xDE00], at: 0x200)
    bench.start()
    #expect(bench.core.state == .lockedUp)
  }

  @Test func `the HardFault vector catch halts at the handler`() {
    bench.program([0xDE00], vectors: [3: 0x0800_0200])
    bench.programCode([0xE7FE], at: 0x200)
    bench.core.powerOnReset()
    bench.poke(Register.dhcsr, 0xA05F_0001)
    bench.poke(Register.demcr, 0x0100_0400)
    bench.core.releaseReset()
    bench.run(10)
    #expect(bench.core.isHalted)
    #expect(bench.transfer(15) == 0x0800_0200)
    #expect(bench.peek(Register.dfsr) == 8)
  }

  @Test func `a supervisor call returns behind itself with its registers`() {
    // MOVS r0, #5; SVC 0; ADDS r0, #1; BKPT; handler: MOVS r0, #0x40; BX LR
    bench.program([0x2005, 0xDF00, 0x3001, 0xBE00], vectors: [11: 0x0800_0200])
    bench.programCode([0x2140, 0x2040, 0x4770], at: 0x200)
    bench.start()
    #expect(bench.transfer(0) == 6)
    #expect(bench.transfer(1) == 0)
    #expect(bench.transfer(13) == 0x2000_8000)
    #expect(bench.transfer(16).map { $0 & 0x1FF } == 0)
  }

  @Test func `a more urgent interrupt preempts and a less urgent one waits`() {
    // Handlers count in r4 (kept by the caller): interrupt 1 (priority 0x40) spins until interrupt 0 (0x00) ran.
    bench.program([0xE7FE], vectors: [16: 0x0800_0200, 17: 0x0800_0300])
    bench.programCode([0x3401, 0x4770], at: 0x200)
    bench.programCode([0xE7FE], at: 0x300)
    bench.core.powerOnReset()
    bench.core.releaseReset()
    bench.poke(0xE000_E100, 3)
    bench.poke(0xE000_E401, 0x40, .byte)
    bench.poke(0xE000_E200, 2)
    bench.run(10)
    #expect(bench.core.exceptionNumber == 17)
    bench.poke(0xE000_E200, 1)
    bench.run(10)
    #expect(bench.core.exceptionNumber == 17)
    #expect(bench.core.registers[4] == 1)
    bench.poke(0xE000_E400, 0x80, .byte)
    bench.poke(0xE000_E200, 1)
    bench.run(10)
    #expect(bench.core.registers[4] == 1)
    #expect(bench.peek(0xE000_ED04).map { $0 >> 12 & 0x1FF } == 16)
  }

  @Test func `SysTick wakes the core from WFI again and again`() {
    // loop: WFI; B loop; handler: ADDS r4, #1; BX LR
    bench.program([0xBF30, 0xE7FD], vectors: [15: 0x0800_0200])
    bench.programCode([0x3401, 0x4770], at: 0x200)
    bench.core.powerOnReset()
    bench.core.releaseReset()
    bench.poke(0xE000_E014, 15_999)
    bench.poke(0xE000_E018, 0)
    bench.poke(0xE000_E010, 7)
    bench.run(10_500)
    #expect(bench.core.registers[4] == 10)
    #expect(bench.core.isSleeping)
    bench.poke(Register.dhcsr, 0xA05F_0001)
    #expect(bench.peek(Register.dhcsr).map { $0 & 1 << 18 } == 1 << 18)
  }

  @Test func `a sleeping core halts when the debugger asks`() {
    bench.program([0xBF30, 0xE7FD])
    bench.start()
    #expect(bench.core.isSleeping)
    bench.poke(Register.dhcsr, 0xA05F_0003)
    #expect(bench.core.isHalted)
    #expect(bench.transfer(15) == 0x0800_0102)
  }

  @Test func `CYCCNT counts the cycles of the program and stands still in debug state`() {
    bench.program([0xBF00, 0xBF00, 0xBF00, 0xBF00, 0xBE00])
    bench.startHalted()
    bench.poke(0xE000_1000, 1)
    bench.poke(0xE000_1004, 0)
    bench.poke(Register.dhcsr, 0xA05F_0001)
    bench.run(10)
    let count = bench.peek(0xE000_1004)
    #expect(count.map { (4...6).contains($0) } == true)
    bench.run(1_000)
    #expect(bench.peek(0xE000_1004) == count)
  }

  @Test func `an access that the bus stalls completes when the bus lets it go`() {
    // LDR r1, [pc, #0]; LDR r0, [r1]; BKPT with the stalled address behind
    bench.program([0x4901, 0x6808, 0xBE00, 0xBF00, 0x0020, 0x2000])
    bench.stall = (address: 0x2000_0020, until: 500_000)
    bench.start()
    #expect(!bench.core.isHalted)
    #expect(bench.core.localNanoseconds <= 100_100)
    bench.run(1_000)
    #expect(bench.core.isHalted)
    #expect(bench.transfer(15) == 0x0800_0104)
  }

  @Test func `branching to an even address is an invalid state`() {
    bench.program([0x2002, 0x4700], vectors: [3: 0x0800_0200])
    bench.programCode([0xE7FE], at: 0x200)
    bench.start()
    #expect(bench.core.exceptionNumber == 3)
    #expect(bench.peek(0xE000_ED28) == 0x0002_0000)
  }

  @Test func `the memory protection unit keeps unprivileged code out`() {
    // MOVS r0, #1; MSR CONTROL, r0; LDR r1, [pc, #0]; LDR r2, [r1]
    bench.program(
      [0x2001, 0xF380, 0x8814, 0x4901, 0x680A, 0xE7FE, 0x0000, 0x2000], vectors: [4: 0x0800_0200, 3: 0x0800_0300])
    bench.programCode([0xE7FE], at: 0x200)
    bench.programCode([0xE7FE], at: 0x300)
    bench.core.powerOnReset()
    bench.core.releaseReset()
    bench.poke(0xE000_ED24, 1 << 16)
    bench.poke(0xE000_ED9C, 0x0000_0010)
    bench.poke(0xE000_EDA0, 0x0600_0037)
    bench.poke(0xE000_ED9C, 0x2000_0011)
    bench.poke(0xE000_EDA0, 0x0100_0017)
    bench.poke(0xE000_ED9C, 0x2000_4012)
    bench.poke(0xE000_EDA0, 0x0300_001B)
    bench.poke(0xE000_ED94, 5)
    bench.run(100)
    #expect(bench.core.exceptionNumber == 4)
    #expect(bench.peek(0xE000_ED28) == 0x82)
    #expect(bench.peek(0xE000_ED34) == 0x2000_0000)
  }
}
