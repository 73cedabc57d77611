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

  @Test func `going from one handler to the next takes six cycles, and there and back at least twenty`() {
    let bench = bench()
    for exception in [ExceptionNumber.pendSV, ExceptionNumber.sysTick] {
      bench.core.interrupts.pending.set(exception: exception, true)
    }
    var entries: [Int: UInt64] = [:]
    var last: (exception: Int, cycles: UInt64) = (0, 0)
    var steps: [UInt64] = []
    while steps.count < 3 {
      run(bench, toCycle: bench.core.cycles + 1)
      if bench.core.exceptionNumber != last.exception {
        steps.append(bench.core.cycles - last.cycles)
        entries[bench.core.exceptionNumber] = bench.core.cycles
      }
      last = (bench.core.exceptionNumber, bench.core.cycles)
    }
    let branch = 1 + InstructionTiming.pipelineRefill
    #expect(steps[0] == 12, "entry")
    #expect((6...6 + branch).contains(steps[1]), "from BX LR into the next handler")
    #expect((10...10 + branch).contains(steps[2]), "return")
  }

  @Test func `a more urgent exception that arrives before the handler's first instruction comes first`() {
    let bench = bench()
    bench.core.writeSystemControl(0xD20, 0x0080_0000, by: .coreData)  // PendSV less urgent than SysTick
    bench.core.interrupts.pending.set(exception: ExceptionNumber.pendSV, true)
    run(bench, toCycle: 1)
    #expect(bench.core.exceptionNumber == ExceptionNumber.pendSV)
    let frame = bench.core.registers[13]
    bench.core.interrupts.pending.set(exception: ExceptionNumber.sysTick, true)
    run(bench, toCycle: bench.core.cycles + 1)
    #expect(bench.core.exceptionNumber == ExceptionNumber.sysTick)
    #expect(bench.core.registers[13] == frame, "stacked once")
    #expect(bench.core.registers[14] == 0xFFFF_FFF9, "it returns to the program")
    #expect(bench.core.interrupts.active == .exception(ExceptionNumber.sysTick))
    #expect(bench.core.interrupts.pending.contains(exception: ExceptionNumber.pendSV))
    while bench.core.exceptionNumber == ExceptionNumber.sysTick { run(bench, toCycle: bench.core.cycles + 1) }
    #expect(bench.core.exceptionNumber == ExceptionNumber.pendSV, "what was overtaken follows without unstacking")
    while bench.core.exceptionNumber != 0 { run(bench, toCycle: bench.core.cycles + 1) }
    #expect(bench.core.registers[13] == Self.top)
  }

  @Test func `one that arrives after the first instruction preempts the handler`() {
    let bench = bench()
    bench.core.writeSystemControl(0xD20, 0x0080_0000, by: .coreData)
    bench.core.interrupts.pending.set(exception: ExceptionNumber.pendSV, true)
    run(bench, toCycle: 1)
    let frame = bench.core.registers[13]
    run(bench, toCycle: bench.core.cycles + 1)
    bench.core.interrupts.pending.set(exception: ExceptionNumber.sysTick, true)
    run(bench, toCycle: bench.core.cycles + 1)
    #expect(bench.core.exceptionNumber == ExceptionNumber.sysTick)
    #expect(bench.core.registers[13] == frame - 0x20)
    #expect(bench.core.registers[14] == 0xFFFF_FFF1, "it returns to the handler")
  }

  @Test func `NMI ends a lockup, and its return leads back into it`() {
    let bench = CoreBench()
    bench.program([0xDE00], vectors: [2: 0x0800_0300, 3: 0x0800_0200])
    bench.programCode([0xDE00], at: 0x200)
    bench.programCode([0x3401, 0x4770], at: 0x300)  // ADDS R4,#1; BX LR
    bench.start()
    #expect(bench.peek(Register.dhcsr).map { $0 & 1 << 19 } == 1 << 19, "S_LOCKUP")
    bench.core.pendNonMaskableInterrupt()
    bench.run(10)
    #expect(bench.core.registers[4] == 1)
    #expect(bench.core.state == .lockedUp && bench.core.programCounter == 0xFFFF_FFFE)
    bench.core.setInterrupt(0, pending: true)
    bench.poke(0xE000_E100, 1)
    bench.run(10)
    #expect(bench.core.state == .lockedUp, "an interrupt does not")
  }

  @Test func `a debugger halts a locked-up core and takes it out of the lockup`() {
    let bench = CoreBench()
    bench.program([0xDE00], vectors: [3: 0x0800_0200])
    bench.programCode([0xDE00], at: 0x200)
    bench.start()
    bench.poke(Register.dhcsr, 0xA05F_0003)
    #expect(bench.peek(Register.dhcsr).map { $0 >> 17 & 1 } == 1)
    #expect(bench.transfer(15) == 0xFFFF_FFFE)
    bench.programCode([0xE7FE], at: 0x300)
    for (register, value): (UInt32, UInt32) in [(15, 0x0800_0300), (16, 0x0100_0000)] {
      bench.poke(Register.dcrdr, value)
      bench.poke(Register.dcrsr, 1 << 16 | register)
    }
    bench.poke(Register.dhcsr, 0xA05F_0001)
    bench.run(10)
    #expect(bench.core.state == .running && bench.core.programCounter == 0x0800_0300)
  }

  @Test func `C_MASKINTS holds interrupts off while the core runs, but not NMI`() {
    let bench = CoreBench()
    bench.program([0xE7FE], vectors: [2: 0x0800_0300, 14: 0x0800_0200])
    bench.programCode([0xE7FE], at: 0x200)
    bench.programCode([0xE7FE], at: 0x300)
    bench.startHalted()
    bench.poke(Register.dhcsr, 0xA05F_000B)
    bench.poke(Register.dhcsr, 0xA05F_0009)
    bench.core.interrupts.pending.set(exception: ExceptionNumber.pendSV, true)
    bench.run(10)
    #expect(bench.core.exceptionNumber == 0)
    bench.core.pendNonMaskableInterrupt()
    bench.run(10)
    #expect(bench.core.exceptionNumber == ExceptionNumber.nonMaskable)
  }
}
