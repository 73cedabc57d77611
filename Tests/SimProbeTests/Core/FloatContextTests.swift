import Testing

@testable import SimProbe

/// When floating-point registers are stacked, and what goes wrong with it (ARMv7-M, B1.5.7).
@Suite struct `Floating-point context` {
  private static let top: UInt32 = 0x2000_0800
  private static let frame = top - 0x68

  /// A core that uses the unit, about to execute VADD.F32 S0,S0,S1 in its handler.
  private func bench(_ contextControl: UInt32 = 0xC000_0000) -> PairedCore {
    let bench = PairedCore(seed: 1, program: [0xEE30, 0x0A20])
    bench.core.system.vectorTable = 0x0800_0000
    bench.core.system.coprocessorAccess = 0x00F0_0000
    bench.core.writeSystemControl(0xF34, contextControl, by: .coreData)
    bench.core.registers[13] = Self.top
    bench.core.control = 4
    bench.core.floatRegisters[0] = 0x3F80_0000
    bench.core.floatRegisters[1] = 0x4000_0000
    return bench
  }

  private func enter(_ bench: PairedCore) {
    bench.core.enterException(ExceptionNumber.pendSV)
    bench.core.programCounter = 0x0800_0100
  }

  @Test func `without LSPEN the registers are stored at once`() {
    let bench = bench(0x8000_0000)
    enter(bench)
    #expect(bench.memory.word(at: Int(Self.frame & 0xFFF) + 0x20) == 0x3F80_0000)
    #expect(bench.core.system.floatingPointContext & 1 == 0, "LSPACT")
  }

  @Test func `FPCCR remembers the mode and what could have been taken`() {
    let bench = bench()
    bench.core.writeSystemControl(0xD24, 1 << 16, by: .coreData)  // MEMFAULTENA
    enter(bench)
    let context = bench.core.readSystemControl(0xF34)
    #expect(context & 1 << 3 != 0, "THREAD")
    #expect(context & 1 << 1 == 0, "USER")
    #expect(context & 1 << 4 != 0, "HFRDY")
    #expect(context & 1 << 5 != 0, "MMRDY")
    #expect(context & 1 << 6 == 0, "BFRDY: not enabled")
  }

  @Test func `a handler that leaves the unit alone never stores anything`() throws {
    let bench = bench()
    enter(bench)
    bench.core.floatRegisters[2] = 0x1234_5678
    try bench.core.returnFromException(bench.core.registers[14])
    #expect(bench.core.system.floatingPointContext & 1 == 0)
    #expect(bench.core.floatRegisters[0] == 0x3F80_0000 && bench.core.floatRegisters[2] == 0x1234_5678)
    #expect(bench.core.registers[13] == Self.top && bench.core.control & 4 == 4)
    #expect(bench.memory.word(at: Int(Self.frame & 0xFFF) + 0x20) == 0)
  }

  @Test func `without ASPEN the unit leaves CONTROL alone and frames stay short`() throws {
    let bench = bench(0x4000_0000)
    bench.core.control = 0
    try bench.core.step()
    #expect(bench.core.control == 0)
    enter(bench)
    #expect(bench.core.registers[13] == Self.top - 0x20)
  }

  @Test func `a place that became unreachable is a fault of the lazy store`() {
    let bench = bench()
    enter(bench)
    bench.core.writeSystemControl(0xF38, 0x3000_0000, by: .coreData)  // FPCAR
    #expect(throws: CoreFault.fault(.busLazyState, address: nil)) { try bench.core.step() }
    // With the RAM for privileged code alone, the store has the rights of the code that used the registers.
    for (offset, value): (UInt32, UInt32) in [(0x08, 0), (0x0C, 0x2000_0000), (0x10, 0x0100_0017), (0x04, 5)] {
      bench.core.writeSystemControl(0xD90 + offset, value, by: .coreData)
    }
    bench.core.programCounter = 0x0800_0100
    bench.core.writeSystemControl(0xF38, Self.frame + 0x20, by: .coreData)
    bench.core.writeSystemControl(0xF34, 0xC000_0003, by: .coreData)  // LSPACT, USER
    #expect(throws: CoreFault.fault(.memoryLazyState, address: nil)) { try bench.core.step() }
  }

  @Test func `without CPACR's leave the unit is a coprocessor that is not there`() {
    let bench = bench()
    bench.core.system.coprocessorAccess = 0
    #expect(throws: CoreFault.usage(.noCoprocessor)) { try bench.core.step() }
    bench.core.system.coprocessorAccess = 0x0050_0000  // privileged only
    bench.core.programCounter = 0x0800_0100
    bench.core.control = 1
    #expect(throws: CoreFault.usage(.noCoprocessor)) { try bench.core.step() }
  }
}
