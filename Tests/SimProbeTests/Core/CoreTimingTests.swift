import Testing

@testable import SimProbe

/// What instructions and the flash cost (Cortex-M3 TRM chapter 18, Cortex-M4 TRM 3.3, RM0090 3.5).
@Suite struct `Cycles` {
  /// A core of a kind that stands before one instruction, with R8 in RAM.
  private func bench(_ profile: CoreProfile, _ instruction: [UInt16]) -> CoreBench {
    let bench = CoreBench(profile)
    bench.program(instruction)
    bench.startHalted()
    bench.core.system.coprocessorAccess = 0x00F0_0000
    bench.core.registers[8] = 0x2000_0100
    bench.core.registers[1] = 100
    bench.core.registers[2] = 7
    return bench
  }

  private func cycles(_ profile: CoreProfile, _ instruction: [UInt16]) throws -> UInt64 {
    let bench = bench(profile, instruction)
    let before = bench.core.cycles
    try bench.core.step()
    return bench.core.cycles - before
  }

  @Test(
    arguments: [
      ("ADDS R0,R1,R2", [0x1888], 1, 1), ("MULS R0,R1", [0x4348], 1, 1), ("MLA R0,R1,R2,R3", [0xFB01, 0x3002], 2, 1),
      ("UMULL R0,R3,R1,R2", [0xFBA1, 0x0302], 4, 1), ("LDR R0,[R8]", [0xF8D8, 0x0000], 2, 2),
      ("STR R0,[R8]", [0xF8C8, 0x0000], 1, 1), ("LDM R8,{R0,R1,R2}", [0xE898, 0x0007], 4, 4),
      ("STM R8,{R0,R1,R2}", [0xE888, 0x0007], 4, 4), ("PUSH {R0-R3}", [0xB40F], 5, 5),
      ("LDRD R0,R1,[R8]", [0xE9D8, 0x0100], 3, 3), ("B .", [0xE7FE], 3, 3), ("BNE, not taken", [0xD1FE], 3, 3),
      ("MRS R0,PRIMASK", [0xF3EF, 0x8010], 2, 2), ("NOP", [0xBF00], 1, 1),
    ] as [(String, [UInt16], UInt64, UInt64)])
  func `instructions take what the manuals say`(name: String, code: [UInt16], cortexM3: UInt64, cortexM4: UInt64) throws
  {
    #expect(try cycles(.cortexM3r2p0(), code) == cortexM3, "\(name) on the Cortex-M3")
    #expect(try cycles(.cortexM4r0p1(), code) == cortexM4, "\(name) on the Cortex-M4")
  }

  @Test(
    arguments: [
      ("VADD.F32 S0,S1,S2", [0xEE30, 0x0A81], 1), ("VDIV.F32 S0,S1,S2", [0xEE80, 0x0A81], 14),
      ("VSQRT.F32 S0,S1", [0xEEB1, 0x0AE0], 14), ("VLDR S0,[R8]", [0xED98, 0x0A00], 2),
    ] as [(String, [UInt16], UInt64)])
  func `so do floating-point ones`(name: String, code: [UInt16], expected: UInt64) throws {
    #expect(try cycles(.cortexM4r0p1(), code) == expected, "\(name)")
  }

  @Test func `a branch that is not taken and an instruction whose condition fails take one cycle`() throws {
    let branch = bench(.cortexM4r0p1(), [0xD0FE])  // BEQ
    branch.core.zero = false
    var before = branch.core.cycles
    try branch.core.step()
    #expect(branch.core.cycles - before == 1)
    let skipped = bench(.cortexM4r0p1(), [0xBF08, 0xF8D8, 0x0000])  // IT EQ; LDREQ R0,[R8]
    skipped.core.zero = false
    try skipped.core.step()
    before = skipped.core.cycles
    try skipped.core.step()
    #expect(skipped.core.cycles - before == 1)
  }

  @Test func `a division takes 2 to 12 cycles by its operands`() throws {
    func division(_ dividend: UInt32, _ divisor: UInt32) throws -> UInt64 {
      let bench = bench(.cortexM4r0p1(), [0xFBB1, 0xF0F2])  // UDIV R0,R1,R2
      (bench.core.registers[1], bench.core.registers[2]) = (dividend, divisor)
      let before = bench.core.cycles
      try bench.core.step()
      return bench.core.cycles - before
    }
    #expect(try division(1, 2) == 2)
    let longest = try division(.max, 1)
    #expect((9...12).contains(longest))
    #expect(try division(0xFFFF, 3) < longest)
  }

  // MARK: Flash

  /// FLASH_ACR with five wait states and some of PRFTEN (8), ICEN (9) and DCEN (10).
  private func accelerator(_ bits: UInt32...) -> FlashAccelerator {
    let accelerator = FlashAccelerator()
    accelerator.configure(accessControl: bits.reduce(5) { $0 | 1 << $1 })
    return accelerator
  }

  @Test func `a line waits once, and every new line again`() {
    let flash = accelerator()
    #expect(flash.fetchDelay(0x0800_0000, at: 0) == 5)
    #expect(flash.fetchDelay(0x0800_000E, at: 10) == 0)
    #expect(flash.fetchDelay(0x0800_0010, at: 20) == 5)
    #expect(flash.fetchDelay(0x0800_0000, at: 30) == 5)
    #expect(flash.loadDelay(0x0800_0000) == 5 && flash.loadDelay(0x0800_0000) == 5)
    #expect(flash.fetchDelay(0x0000_0004, at: 40) == 0, "address 0 shows the same line")
  }

  @Test func `prefetch hides what the code takes meanwhile`() {
    let flash = accelerator(8)
    #expect(flash.fetchDelay(0x0800_0000, at: 0) == 5)
    #expect(flash.fetchDelay(0x0800_0010, at: 7) == 3, "it comes 5 cycles after the first line")
    #expect(flash.fetchDelay(0x0800_0020, at: 40) == 0)
    #expect(flash.fetchDelay(0x0800_0100, at: 60) == 5, "a jump was not foreseen")
  }

  @Test func `the instruction cache keeps 64 lines that were waited for`() {
    let flash = accelerator(9)
    for line: UInt32 in 0..<64 { #expect(flash.fetchDelay(0x0800_0000 + line * 16, at: UInt64(line) * 10) == 5) }
    for line: UInt32 in 0..<64 { #expect(flash.fetchDelay(0x0800_0000 + line * 16, at: 1000) == 0) }
    #expect(flash.fetchDelay(0x0800_0000 + 64 * 16, at: 2000) == 5)
    #expect(flash.fetchDelay(0x0800_0000, at: 2010) == 5, "the least recently used one gave way")
    #expect(flash.fetchDelay(0x0800_0020, at: 2020) == 0)
    flash.configure(accessControl: 5 | 1 << 11)
    flash.configure(accessControl: 5 | 1 << 9)
    #expect(flash.fetchDelay(0x0800_0040, at: 2030) == 5, "ICRST empties it")
  }

  @Test func `the data cache keeps eight lines of constants`() {
    let flash = accelerator(10)
    for line: UInt32 in 0..<8 { #expect(flash.loadDelay(0x0800_0000 + line * 16) == 5) }
    for line: UInt32 in 0..<8 { #expect(flash.loadDelay(0x0800_0008 + line * 16) == 0) }
    #expect(flash.loadDelay(0x0800_0080) == 5)
    #expect(flash.loadDelay(0x0800_0000) == 5)
    #expect(flash.loadDelay(0x0800_0030) == 0)
  }

  @Test func `wait states reach the program, and RAM has none`() throws {
    // 24 NOPs: three lines of 16 bytes.
    let code = [UInt16](repeating: 0xBF00, count: 24)
    func cycles(_ acr: UInt32, inFlash: Bool) throws -> UInt64 {
      let bench = try BoardBench()
      bench.connect()
      bench.write(0xE000_EDF0, 0xA05F_0003)
      bench.write(0x4002_3C00, acr)
      let memory = inFlash ? bench.chip.flash.main : bench.chip.bus.sram
      let address: UInt32 = inFlash ? 0x0800_0000 : 0x2000_0000
      bench.start(code + [0xBE00], in: memory, at: address, registers: [])
      bench.run(microseconds: 20)
      return bench.chip.core.executedCycles
    }
    let fastest = try cycles(0, inFlash: true)
    #expect(try cycles(3, inFlash: true) == fastest + 4 * 3, "three lines of NOPs and the one with BKPT")
    #expect(try cycles(3, inFlash: false) == fastest)
    #expect(try cycles(3 | 1 << 8, inFlash: true) == fastest + 3, "with prefetch the first line alone")
  }
}
