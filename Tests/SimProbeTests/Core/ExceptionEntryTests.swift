import Testing

@testable import SimProbe

/// Entering, chaining and leaving exceptions, checked against the ARMv7-M manual (DDI 0403), B1.5.
@Suite struct `Exception entry and return` {
  private static let top: UInt32 = 0x2000_0800
  private static let noOperations = [UInt16](repeating: 0xBF00, count: 32)

  private func bench(_ program: [UInt16] = noOperations) -> PairedCore {
    let bench = PairedCore(seed: 1, program: program)
    bench.core.system.vectorTable = 0x0800_0000
    bench.core.registers[13] = Self.top
    return bench
  }

  /// Runs up to a cycle.
  private func run(_ bench: PairedCore, toCycle cycle: UInt64) {
    bench.core.run(until: bench.core.timeBase.nanoseconds(at: cycle))
  }

  @Test(arguments: [false, true])
  func `the stack is aligned to eight bytes when CCR.STKALIGN says so`(aligns: Bool) {
    let bench = bench()
    bench.core.writeSystemControl(0xD14, aligns ? 1 << 9 : 0, by: .coreData)
    bench.core.registers[13] = Self.top - 4
    bench.core.enterException(ExceptionNumber.pendSV)
    let frame = Self.top - 4 - 0x20 - (aligns ? 4 : 0)
    #expect(bench.core.registers[13] == frame)
    #expect(bench.memory.word(at: Int(frame & 0xFFF) + 28) >> 9 & 1 == (aligns ? 1 : 0), "xPSR bit 9 notes the gap")
  }

  @Test func `a pending exception follows another without unstacking`() {
    let bench = bench()
    for exception in [ExceptionNumber.pendSV, ExceptionNumber.sysTick] {
      bench.core.interrupts.pending.set(exception: exception, true)
    }
    run(bench, toCycle: 13)
    #expect(bench.core.exceptionNumber == ExceptionNumber.pendSV, "equal priorities: the lower number first")
    let frame = bench.core.registers[13]
    while bench.core.exceptionNumber == ExceptionNumber.pendSV { run(bench, toCycle: bench.core.cycles + 1) }
    #expect(bench.core.exceptionNumber == ExceptionNumber.sysTick)
    #expect(bench.core.registers[13] == frame)
    #expect(bench.core.registers[14] == 0xFFFF_FFF9)
    while bench.core.exceptionNumber != 0 { run(bench, toCycle: bench.core.cycles + 1) }
    #expect(bench.core.registers[13] == Self.top)
  }

  @Test func `SLEEPONEXIT sleeps after the last handler`() {
    let bench = bench()
    bench.core.system.sleep = .sleepOnExit
    bench.core.interrupts.pending.set(exception: ExceptionNumber.pendSV, true)
    run(bench, toCycle: 200)
    #expect(bench.core.state == .waitingForInterrupt)
    #expect(bench.core.exceptionNumber == 0 && bench.core.registers[13] == Self.top)
  }

  @Test func `floating-point registers are stored when the handler first needs the unit`() throws {
    let bench = bench([0xEE30, 0x0A20])  // VADD.F32 S0,S0,S1
    bench.core.system.coprocessorAccess = 0x00F0_0000
    bench.core.control = 4
    bench.core.floatRegisters[0] = 0x3F80_0000
    bench.core.floatRegisters[1] = 0x4000_0000
    bench.core.enterException(ExceptionNumber.pendSV)
    let frame = Self.top - 0x68
    #expect(bench.core.registers[13] == frame)
    #expect(bench.core.registers[14] == 0xFFFF_FFE9, "bit 4 clear: an extended frame")
    #expect(bench.core.system.floatingPointContext & 1 == 1, "LSPACT")
    #expect(bench.core.system.floatingPointAddress == frame + 0x20)
    #expect(bench.core.control & 4 == 0)
    #expect(bench.memory.word(at: Int(frame & 0xFFF) + 0x20) == 0, "not stored yet")
    bench.core.programCounter = 0x0800_0100
    try bench.core.step()
    #expect(bench.memory.word(at: Int(frame & 0xFFF) + 0x20) == 0x3F80_0000)
    #expect(bench.core.system.floatingPointContext & 1 == 0)
    #expect(bench.core.floatRegisters[0] == 0x4040_0000)
  }

  @Test func `a fault without its own handler becomes a HardFault, and one in there a lockup`() {
    let bench = bench([0xDE00])  // UDF
    run(bench, toCycle: 13)
    #expect(bench.core.exceptionNumber == ExceptionNumber.hardFault)
    #expect(bench.core.system.hardFaultStatus == .forced)
    #expect(bench.core.system.faultStatus == .undefinedInstruction)
    bench.core.programCounter = 0x0800_0100
    run(bench, toCycle: bench.core.cycles + 10)
    #expect(bench.core.state == .lockedUp && bench.core.programCounter == 0xFFFF_FFFE)
  }
}
