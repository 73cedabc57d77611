import Testing

@testable import SimProbe

/// Instructions that an emulator of user code cannot answer for, checked against the ARMv7-M manual (DDI 0403).
@Suite struct `System instructions` {
  private static let ram: UInt32 = 0x2000_0000

  /// A core with a program, executed one instruction at a time.
  private func bench(_ program: [UInt16]) -> PairedCore { PairedCore(seed: 1, program: program) }

  private func step(_ bench: PairedCore, _ count: Int = 1) throws {
    for _ in 0..<count { try bench.core.step() }
  }

  @Test func `an exclusive store succeeds once after an exclusive load`() throws {
    // LDREX R0,[R8]; STREX R1,R2,[R8]; STREX R3,R2,[R8]
    let bench = bench([0xE858, 0x0F00, 0xE848, 0x2100, 0xE848, 0x2300])
    bench.core.registers[2] = 0x1234
    try step(bench, 2)
    #expect(bench.core.registers[1] == 0)
    #expect(bench.memory.word(at: 0) == 0x1234)
    try step(bench)
    #expect(bench.core.registers[3] == 1, "nothing is tagged any more (A3.4.1)")
  }

  @Test func `CLREX and exception entry clear the exclusive monitor`() throws {
    let bench = bench([0xE858, 0x0F00, 0xF3BF, 0x8F2F, 0xE858, 0x0F00])  // LDREX; CLREX; LDREX
    try step(bench)
    #expect(bench.core.isExclusive)
    try step(bench)
    #expect(!bench.core.isExclusive)
    try step(bench)
    #expect(bench.core.isExclusive)
    bench.core.enterException(ExceptionNumber.pendSV)
    #expect(!bench.core.isExclusive, "B1.5.6")
  }

  @Test func `exclusive access to an unaligned address is a usage fault`() {
    let bench = bench([0xE858, 0x0F00])
    bench.core.registers[8] += 2
    #expect(throws: CoreFault.usage(.unaligned)) { try step(bench) }
  }

  @Test func `unprivileged code reads masks as zero and cannot change them`() throws {
    // MSR PRIMASK,R0; MRS R1,PRIMASK; then both again without privilege
    let program: [UInt16] = [0xF380, 0x8810, 0xF3EF, 0x8110]
    let bench = bench(program + program)
    bench.core.registers[0] = 1
    try step(bench, 2)
    #expect(bench.core.exceptionMask.primask && bench.core.registers[1] == 1)
    bench.core.control = 1
    bench.core.registers[0] = 0
    try step(bench, 2)
    #expect(bench.core.exceptionMask.primask, "B5.2.3: ignored")
    #expect(bench.core.registers[1] == 0, "B5.2.2: reads as zero")
  }

  @Test func `BASEPRI_MAX only raises the priority that masks`() throws {
    // MSR BASEPRI_MAX,R0; MSR BASEPRI_MAX,R1; MRS R2,BASEPRI
    let bench = bench([0xF380, 0x8812, 0xF381, 0x8812, 0xF3EF, 0x8211])
    bench.core.registers[0] = 0x40
    bench.core.registers[1] = 0x80
    try step(bench, 3)
    #expect(bench.core.registers[2] == 0x40)
  }

  @Test func `unprivileged loads obey the protection of unprivileged code`() throws {
    let bench = bench([0xF858, 0x0E00, 0xF8D8, 0x1000])  // LDRT R0,[R8]; LDR R1,[R8]
    // Region 0: the RAM's first 4 KiB, privileged access only; the default map elsewhere.
    for (offset, value): (UInt32, UInt32) in [(0x08, 0), (0x0C, Self.ram), (0x10, 0x0100_0017), (0x04, 5)] {
      bench.core.writeSystemControl(0xD90 + offset, value, by: .coreData)
    }
    #expect(throws: CoreFault.fault([.dataAccess, .memoryAddressValid], address: Self.ram)) { try step(bench) }
    bench.core.programCounter = 0x0800_0104
    try step(bench)
    #expect(bench.core.registers[1] == bench.memory.word(at: 0))
  }

  @Test func `VMSR and VMRS move FPSCR's bits that exist, and into R15 the flags`() throws {
    // VMSR FPSCR,R0; VMRS R1,FPSCR; VMRS APSR_nzcv,FPSCR
    let bench = bench([0xEEE1, 0x0A10, 0xEEF1, 0x1A10, 0xEEF1, 0xFA10])
    bench.core.system.coprocessorAccess = 0x00F0_0000
    bench.core.registers[0] = 0xFFFF_FFFF
    try step(bench, 3)
    #expect(bench.core.registers[1] == 0xF7C0_009F)
    #expect(bench.core.applicationStatus >> 28 == 0xF)
  }

  @Test func `WFE goes on at once when an event is registered, else SEV wakes it`() throws {
    let bench = bench([0xBF40, 0xBF20, 0xBF20])  // SEV; WFE; WFE
    try step(bench, 2)
    #expect(bench.core.state == .running && !bench.core.isEventRegistered)
    try step(bench)
    #expect(bench.core.state == .waitingForEvent)
  }

  @Test func `an unaligned load traps when CCR says so`() throws {
    let bench = bench([0xF8D8, 0x0001, 0xF8D8, 0x0001])  // LDR R0,[R8,#1] twice
    try step(bench)
    bench.core.writeSystemControl(0xD14, 1 << 3, by: .coreData)
    #expect(throws: CoreFault.usage(.unaligned)) { try step(bench) }
  }

  @Test func `the monitor tags all of memory, a failing store writes nothing and an exception return clears it`() throws
  {
    // LDREX R0,[R8]; STREX R1,R2,[R8,#4]; STREX R3,R2,[R8]
    let bench = bench([0xE858, 0x0F00, 0xE848, 0x2101, 0xE848, 0x2300])
    bench.core.registers[2] = 0x1234
    let before = bench.memory.word(at: 0)
    try step(bench, 3)
    #expect(bench.core.registers[1] == 0 && bench.memory.word(at: 4) == 0x1234, "another address")
    #expect(bench.core.registers[3] == 1 && bench.memory.word(at: 0) == before)
    bench.core.enterException(ExceptionNumber.pendSV)
    bench.core.isExclusive = true
    try bench.core.returnFromException(bench.core.registers[14])
    #expect(!bench.core.isExclusive, "B1.5.8")
  }

  @Test func `MSR and MRS reach the stack pointers and CONTROL, in handlers without SPSEL`() throws {
    // MSR PSP,R0; MSR CONTROL,R1; MRS R2,PSP; MRS R3,CONTROL; MRS R4,IPSR
    let program: [UInt16] = [0xF380, 0x8809, 0xF381, 0x8814, 0xF3EF, 0x8209, 0xF3EF, 0x8314, 0xF3EF, 0x8405]
    let bench = bench(program)
    bench.core.registers[0] = 0x2000_0403
    bench.core.registers[1] = 3
    try step(bench, 2)
    #expect(bench.core.usesProcessStack && bench.core.registers[13] == 0x2000_0400)
    try step(bench, 2)
    #expect(bench.core.registers[2] == 0, "PSP reads as zero without privilege")
    #expect(bench.core.registers[3] == 3, "CONTROL does not")
    bench.core.control = 0
    bench.core.selectStack()
    bench.core.enterException(ExceptionNumber.pendSV)
    bench.core.programCounter = 0x0800_0104
    bench.core.registers[1] = 3
    try step(bench)
    #expect(bench.core.control == 1 && !bench.core.usesProcessStack, "SPSEL stays in Handler mode")
    bench.core.programCounter = 0x0800_0110
    try step(bench)
    #expect(bench.core.registers[4] == UInt32(ExceptionNumber.pendSV))
  }

  @Test func `unprivileged code can neither change CONTROL nor mask with CPS`() throws {
    let bench = bench([0xF380, 0x8814, 0xB672, 0xB671])  // MSR CONTROL,R0; CPSID i; CPSID f
    bench.core.control = 1
    bench.core.registers[0] = 0
    try step(bench, 3)
    #expect(bench.core.control == 1 && !bench.core.exceptionMask.primask && !bench.core.exceptionMask.faultmask)
  }

  @Test func `barriers go on behind themselves`() throws {
    let bench = bench([0xF3BF, 0x8F5F, 0xF3BF, 0x8F4F, 0xF3BF, 0x8F6F, 0x2001])  // DMB; DSB; ISB; MOVS R0,#1
    try step(bench, 4)
    #expect(bench.core.registers[0] == 1 && bench.core.programCounter == 0x0800_010E)
  }
}
