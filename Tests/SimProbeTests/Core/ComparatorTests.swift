import Testing

@testable import SimProbe

/// The comparators of the flash patch unit and of the watchpoint unit (ARMv7-M, C1.8 and C1.11).
@Suite struct `Comparators` {
  private static let profiles: [CoreProfile] = [.cortexM3r2p0(), .cortexM4r0p1()]
  /// LDR R1,[PC,#8]; loop: ADDS R0,#1; STR R0,[R1]; B loop; the address 0x2000_0010.
  private static let counter: [UInt16] = [0x4902, 0x3001, 0x6008, 0xE7FC, 0xBF00, 0xBF00, 0x0010, 0x2000]
  private static let comparator: UInt32 = 0xE000_1020
  private static let mask: UInt32 = 0xE000_1024
  private static let function: UInt32 = 0xE000_1028

  /// A core that is halted before its program, with the flash patch unit on and DFSR clear.
  private func bench(_ program: [UInt16], on profile: CoreProfile = .cortexM4r0p1()) -> CoreBench {
    let bench = CoreBench(profile)
    bench.program(program)
    bench.startHalted()
    bench.poke(0xE000_2000, 3)
    bench.poke(Register.dfsr, 0x1F)
    return bench
  }

  private func go(_ bench: CoreBench, microseconds: UInt64 = 100) {
    bench.poke(Register.dhcsr, 0xA05F_0001)
    bench.run(microseconds)
  }

  // MARK: Flash patch

  @Test(arguments: [(1, 0x0800_0100), (2, 0x0800_0102), (3, 0x0800_0100)] as [(UInt32, UInt32)])
  func `REPLACE chooses the halfword that stops`(replace: UInt32, address: UInt32) {
    for profile in Self.profiles {
      let bench = bench([0xBF00, 0xBF00, 0xE7FE], on: profile)
      bench.poke(0xE000_2008, replace << 30 | 0x0800_0101)
      go(bench)
      #expect(bench.core.isHalted && bench.transfer(15) == address, "\(profile.processor)")
      #expect(bench.peek(Register.dfsr) == 2)
    }
  }

  @Test func `both units are of version 1 with six instruction and two literal comparators`() {
    for profile in Self.profiles { #expect(bench([0xE7FE], on: profile).peek(0xE000_2000) == 0x261) }
  }

  @Test func `a disabled unit matches nothing`() {
    let bench = bench([0xBF00, 0xE7FE])
    bench.poke(0xE000_2008, 0xC800_0101)
    bench.poke(0xE000_2000, 2)
    go(bench)
    #expect(!bench.core.isHalted)
  }

  @Test func `a literal is loaded from the patch table in SRAM`() {
    // LDR R0,[PC,#4]; B .; the literal 0x1111_1111
    for profile in Self.profiles {
      let bench = bench([0x4801, 0xE7FE, 0xBF00, 0xBF00, 0x1111, 0x1111], on: profile)
      _ = bench.write(0x2000_0100 + 6 * 4, 0x2222_2222, .word, by: .debugger)
      bench.poke(0xE000_2004, 0x2000_0100)
      bench.poke(0xE000_2008 + 6 * 4, 0x0800_0109)
      go(bench)
      #expect(bench.core.registers[0] == 0x2222_2222, "\(profile.processor)")
      #expect(bench.peek(0xE000_2004) == 0x2000_0100, "RMPSPT and the table's address")
    }
  }

  @Test func `an instruction is fetched from the patch table in SRAM`() {
    for profile in Self.profiles {
      let bench = bench([0x2001, 0x2102, 0xE7FE], on: profile)  // MOVS R0,#1; MOVS R1,#2
      _ = bench.write(0x2000_0100, 0x2166_2055, .word, by: .debugger)  // MOVS R0,#0x55; MOVS R1,#0x66
      bench.poke(0xE000_2004, 0x2000_0100)
      bench.poke(0xE000_2008, 0x0800_0101)
      go(bench)
      #expect(bench.core.registers[0] == 0x55 && bench.core.registers[1] == 0x66, "\(profile.processor)")
      #expect(bench.core.programCounter == 0x0800_0104)
    }
  }

  // MARK: Watchpoints

  @Test func `a value is watched at the address of another comparator`() {
    let bench = bench(Self.counter)
    bench.poke(Self.comparator, 0x2000_0010)
    bench.poke(Self.comparator + 16, 5)
    // Writes of a word's value, at the address of comparator 0.
    bench.poke(Self.function + 16, 1 << 8 | 2 << 10 | 6)
    go(bench)
    #expect(bench.core.isHalted && bench.transfer(0) == 5)
    #expect(bench.peek(Register.dfsr) == 4)
    #expect(bench.peek(Self.function + 16).map { $0 & 1 << 24 } == 1 << 24, "MATCHED")
    #expect(bench.peek(Self.function + 16).map { $0 & 1 << 24 } == 0, "reading clears it")
  }

  @Test func `a value elsewhere is not watched`() {
    let bench = bench(Self.counter)
    bench.poke(Self.comparator, 0x2000_0014)
    bench.poke(Self.comparator + 16, 5)
    bench.poke(Self.function + 16, 1 << 8 | 2 << 10 | 6)
    go(bench)
    #expect(!bench.core.isHalted)
  }

  @Test func `a mask widens the address, and a read is not a write`() {
    // MOVS R1,#1; LSLS R1,#29; LDR R0,[R1,#0x10]; ADDS R2,#1; B .
    let program: [UInt16] = [0x2101, 0x0749, 0x6908, 0x3201, 0xE7FE]
    for (function, halts) in [(UInt32(5), true), (6, false), (7, true)] {
      let bench = bench(program)
      bench.poke(Self.comparator + 32, 0x2000_0000)
      bench.poke(Self.mask + 32, 8)
      bench.poke(Self.function + 32, function)
      go(bench)
      #expect(bench.core.isHalted == halts, "function \(function)")
    }
  }

  @Test func `function 4 watches the address of instructions`() {
    let bench = bench([0x3001, 0x3001, 0x3001, 0xE7FE])
    bench.poke(Self.comparator + 48, 0x0800_0102)
    bench.poke(Self.function + 48, 4)
    go(bench)
    #expect(bench.core.isHalted && bench.transfer(0) == 2, "behind the instruction")
    #expect(bench.peek(Register.dfsr) == 4)
  }

  @Test func `the first comparator watches the cycle count`() {
    for profile in Self.profiles {
      let bench = bench([0x3001, 0xE7FD], on: profile)  // loop: ADDS R0,#1; B loop
      bench.poke(Self.comparator, 1000)
      bench.poke(Self.function, 0x84)
      bench.poke(0xE000_1004, 0)
      bench.poke(0xE000_1000, 1)
      go(bench, microseconds: 1000)
      #expect(bench.core.isHalted, "\(profile.processor)")
      #expect(bench.peek(0xE000_1004).map { (1000...1004).contains($0) } == true)
      #expect(bench.peek(Register.dfsr) == 4)
      #expect(bench.peek(Self.function) == 0x0100_0084)
    }
  }

  @Test func `only the comparators that can watch values and cycles keep these bits`() {
    let bench = bench([0xE7FE])
    for (index, kept) in [UInt32(0xAF), 0x000F_FF2F, 0x2F, 0x2F].enumerated() {
      let address = Self.function + UInt32(index) * 16
      bench.poke(address, 0x000F_FFAF)
      #expect(bench.peek(address) == kept, "comparator \(index)")
      bench.poke(address, 0)
    }
  }
}
