import Testing

@testable import SimProbe

/// Debugging without halting: the DebugMonitor exception (ARMv7-M, C1.4 and C1.6.5).
@Suite struct `Debug monitor` {
  private static let monitorEnable: UInt32 = 1 << 16
  private static let monitorPend: UInt32 = 1 << 17
  private static let monitorStep: UInt32 = 1 << 18
  private static let monitorRequest: UInt32 = 1 << 19
  private static let endlessLoop: UInt16 = 0xE7FE

  let bench = CoreBench()

  /// Starts a program without halting debug; the monitor at 0x0800_0200 and HardFault stay in their handlers.
  private func start(_ program: [UInt16], demcr: UInt32) {
    bench.program(program + [Self.endlessLoop], vectors: [3: 0x0800_0300, 12: 0x0800_0200])
    bench.programCode([Self.endlessLoop], at: 0x200)
    bench.programCode([0x4770], at: 0x210)
    bench.programCode([Self.endlessLoop], at: 0x300)
    bench.core.powerOnReset()
    bench.core.releaseReset()
    bench.poke(Register.demcr, demcr)
    bench.run(10)
  }

  @Test func `MON_EN turns a breakpoint instruction into the exception`() {
    start([0xBF00, 0xBE00], demcr: Self.monitorEnable)
    #expect(bench.core.exceptionNumber == ExceptionNumber.debugMonitor)
    #expect(bench.peek(Register.dfsr) == 2)
    #expect(bench.stackedProgramCounter == 0x0800_0102, "the breakpoint itself")
  }

  @Test func `a breakpoint instruction that the monitor cannot preempt is a HardFault`() {
    start([0xB672, 0xBE00], demcr: Self.monitorEnable)  // CPSID i; BKPT
    #expect(bench.core.exceptionNumber == ExceptionNumber.hardFault)
    #expect(bench.peek(0xE000_ED2C) == 0x8000_0000, "HFSR.DEBUGEVT")
  }

  @Test func `MON_STEP executes one instruction at a time`() {
    start([0x3001, 0x3001, 0x3001], demcr: Self.monitorEnable | Self.monitorStep)  // ADDS R0,#1
    for step: UInt32 in 1...3 {
      #expect(bench.core.exceptionNumber == ExceptionNumber.debugMonitor)
      #expect(bench.word(bench.core.registers[13]) == step, "R0 in the frame")
      #expect(bench.stackedProgramCounter == 0x0800_0100 + step * 2)
      #expect(bench.peek(Register.dfsr) == 1)
      // The handler returns.
      bench.core.programCounter = 0x0800_0210
      bench.run(10)
    }
  }

  @Test func `MON_STEP leaves code alone that the monitor cannot preempt`() {
    // CPSID i; ADDS R0,#1; ADDS R0,#1; CPSIE i
    start([0xB672, 0x3001, 0x3001, 0xB662], demcr: Self.monitorEnable | Self.monitorStep)
    #expect(bench.core.exceptionNumber == ExceptionNumber.debugMonitor)
    #expect(bench.core.registers[0] == 2)
    #expect(bench.stackedProgramCounter == 0x0800_0108)
  }

  @Test func `MON_PEND is the pending state, and takes the exception with MON_EN at 0 too`() {
    start([0xBF00], demcr: 0)
    bench.poke(Register.demcr, Self.monitorPend)
    #expect(bench.peek(Register.demcr) == Self.monitorPend)
    bench.poke(Register.demcr, 0)
    #expect(bench.peek(Register.demcr) == 0)
    bench.run(10)
    #expect(bench.core.exceptionNumber == 0)
    bench.poke(Register.demcr, Self.monitorPend)
    bench.run(10)
    #expect(bench.core.exceptionNumber == ExceptionNumber.debugMonitor)
    #expect(bench.peek(Register.demcr) == 0, "taken")
    #expect(bench.peek(0xE000_ED24) == 1 << 8, "SHCSR.MONITORACT")
  }

  @Test func `MON_REQ is a note of software that a reset clears with the other MON bits`() {
    start([0xBF00], demcr: Self.monitorRequest | Self.monitorEnable | 1 << 24)
    #expect(bench.peek(Register.demcr) == Self.monitorRequest | Self.monitorEnable | 1 << 24)
    bench.core.assertReset()
    #expect(bench.peek(Register.demcr) == 1 << 24)
  }

  @Test func `a watchpoint asks for the monitor`() {
    // LDR R1,[PC,#8]; loop: ADDS R0,#1; STR R0,[R1]; B loop; the address 0x2000_0010
    let program: [UInt16] = [0x4902, 0x3001, 0x6008, 0xE7FC, 0xBF00, 0xBF00, 0x0010, 0x2000]
    start(program, demcr: Self.monitorEnable | 1 << 24)
    bench.poke(0xE000_1020, 0x2000_0010)
    bench.poke(0xE000_1028, 6)
    bench.run(10)
    #expect(bench.core.exceptionNumber == ExceptionNumber.debugMonitor)
    #expect(bench.peek(Register.dfsr) == 4)
  }

  @Test func `halting debug comes first`() {
    start([0xBF00], demcr: Self.monitorEnable | Self.monitorStep)
    bench.core.powerOnReset()
    bench.program([0xBF00, 0xBE00])
    bench.poke(Register.dhcsr, 0xA05F_0001)
    bench.core.releaseReset()
    bench.poke(Register.demcr, Self.monitorEnable | Self.monitorStep)
    bench.run(10)
    #expect(bench.core.isHalted)
    #expect(bench.transfer(15) == 0x0800_0102)
    #expect(bench.peek(Register.dfsr) == 2)
  }

  @Test func `a semihosting call halts at itself with its operation and block in R0 and R1`() {
    // MOVS R0,#4; LDR R1,[PC,#4]; BKPT 0xAB; B .; the address 0x2000_0020
    bench.program([0x2004, 0x4901, 0xBEAB, 0xE7FE, 0x0020, 0x2000])
    bench.start()
    #expect(bench.peek(Register.dfsr) == 2)
    #expect(bench.transfer(15) == 0x0800_0104)
    #expect(bench.read(0x0800_0104, .halfword, by: .debugger) == .done(0xBEAB, cycles: 0))
    #expect(bench.transfer(0) == 4 && bench.transfer(1) == 0x2000_0020)
    // The debugger answers, moves on behind it, and lets the program run.
    bench.poke(Register.dcrdr, 0x0800_0106)
    bench.poke(Register.dcrsr, 1 << 16 | 15)
    bench.poke(Register.dhcsr, 0xA05F_0001)
    bench.run(10)
    #expect(!bench.core.isHalted && bench.core.programCounter == 0x0800_0106)
  }
}
