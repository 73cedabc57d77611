import Testing

@testable import SimProbe

@Suite struct `Core debug registers` {
  let bench = CoreBench()

  @Test func `a blank chip caught at reset shows the values that real ones show`() {
    bench.startHalted()
    #expect(bench.peek(Register.dhcsr) == 0x0203_0003)
    #expect(bench.transfer(15) == 0xFFFF_FFFE)
    #expect(bench.transfer(17) == 0xFFFF_FFFC)
    #expect(bench.transfer(16) == 0x0100_0000)
    #expect(bench.transfer(14) == 0xFFFF_FFFF)
    #expect(bench.peek(Register.dfsr) == 8)
  }

  @Test func `a programmed chip caught at reset stands before its first instruction`() {
    bench.programFlash([0x2000_1000, 0x0800_0101])
    bench.startHalted()
    #expect(bench.transfer(13) == 0x2000_1000)
    #expect(bench.transfer(15) == 0x0800_0100)
    #expect(bench.transfer(16) == 0x0100_0000)
  }

  @Test func `the reset bit clears by reading, but not while reset is held`() {
    bench.startHalted()
    bench.core.assertReset()
    #expect(bench.peek(Register.dhcsr) == 0x0201_0001)
    #expect(bench.peek(Register.dhcsr) == 0x0201_0001)
    bench.core.releaseReset()
    #expect(bench.peek(Register.dhcsr) == 0x0203_0003)
    #expect(bench.peek(Register.dhcsr) == 0x0003_0003)
  }

  @Test func `the retire bit says that instructions were executed since it was read`() {
    bench.program([0xE7FE])
    bench.startHalted()
    #expect(bench.peek(Register.dhcsr).map { $0 & 1 << 24 } == 0)
    bench.poke(Register.dhcsr, 0xA05F_0001)
    bench.run(10)
    #expect(bench.peek(Register.dhcsr).map { $0 & 1 << 24 } == 1 << 24)
    bench.poke(Register.dhcsr, 0xA05F_0003)
    _ = bench.peek(Register.dhcsr)
    bench.run(10)
    #expect(bench.peek(Register.dhcsr).map { $0 & 1 << 24 } == 0, "nothing retires in debug state")
  }

  @Test func `DHCSR ignores writes without its key`() {
    bench.startHalted()
    bench.poke(Register.dhcsr, 0x0000_0000)
    bench.poke(Register.dhcsr, 0x05FA_0000)
    #expect(bench.core.isHalted)
  }

  @Test func `halting needs C_DEBUGEN`() {
    bench.core.powerOnReset()
    bench.core.releaseReset()
    bench.poke(Register.dhcsr, 0xA05F_0002)
    #expect(!bench.core.isHalted)
    bench.poke(Register.dhcsr, 0xA05F_0003)
    #expect(bench.core.isHalted)
    #expect(bench.peek(Register.dfsr) == 1)
  }

  @Test func `software cannot switch debugging on`() {
    bench.core.powerOnReset()
    bench.core.releaseReset()
    _ = bench.core.writePrivatePeripheral(Register.dhcsr, 0xA05F_0003, .word, by: .coreData)
    #expect(bench.peek(Register.dhcsr).map { $0 & 0xF } == 0)
    #expect(!bench.core.isHalted)
  }

  @Test func `a system reset keeps C_DEBUGEN, DEMCR, DFSR and breakpoints but clears C_HALT`() {
    bench.startHalted()
    bench.poke(0xE000_2008, 0xC800_0101)
    bench.poke(Register.demcr, 0x0100_0400)
    bench.core.assertReset()
    bench.core.releaseReset()
    #expect(bench.peek(Register.dhcsr).map { $0 & 0xF } == 1)
    #expect(bench.peek(Register.demcr) == 0x0100_0400)
    #expect(bench.peek(Register.dfsr) == 8)
    #expect(bench.peek(0xE000_2008) == 0xC800_0101)
  }

  @Test func `losing power clears the debug registers`() {
    bench.startHalted()
    bench.poke(0xE000_2008, 0xC800_0101)
    bench.core.powerOnReset()
    #expect(bench.peek(Register.dhcsr) == 0x0201_0000)
    #expect(bench.peek(Register.demcr) == 0)
    #expect(bench.peek(Register.dfsr) == 0)
    #expect(bench.peek(0xE000_2008) == 0)
  }

  @Test func `DFSR clears by writing ones`() {
    bench.startHalted()
    bench.poke(Register.dfsr, 0x17)
    #expect(bench.peek(Register.dfsr) == 8)
    bench.poke(Register.dfsr, 0x1F)
    #expect(bench.peek(Register.dfsr) == 0)
  }

  @Test func `AIRCR asks the chip for a reset only with its key`() {
    let requests = Recorder(bench.core.systemResetRequest)
    bench.startHalted()
    bench.poke(Register.aircr, 0xA05F_0004)
    #expect(requests.values.isEmpty)
    bench.poke(Register.aircr, 0x05FA_0004)
    #expect(requests.values.count == 1)
    #expect(bench.peek(Register.aircr) == 0xFA05_0000)
  }

  @Test func `VECTRESET resets the core alone`() {
    let requests = Recorder(bench.core.systemResetRequest)
    bench.programFlash([0x2000_1000, 0x0800_0101])
    bench.startHalted()
    bench.poke(0xE000_ED08, 0x2000_0000)
    bench.poke(Register.aircr, 0x05FA_0001)
    #expect(requests.values.isEmpty)
    #expect(bench.core.isHalted)
    #expect(bench.transfer(15) == 0x0800_0100)
    #expect(bench.peek(0xE000_ED08) == 0)
  }

  @Test(arguments: Array(0...12) + [14, 33, 64, 70, 95].map(UInt32.init))
  func `every register can be written and read`(selector: UInt32) {
    bench.startHalted()
    for value: UInt32 in [0, 0x1000_0080] {
      bench.poke(Register.dcrdr, value)
      bench.poke(Register.dcrsr, 1 << 16 | selector)
      bench.poke(Register.dcrdr, 0xDEAD_BEEF)
      #expect(bench.transfer(selector) == value)
    }
  }

  @Test func `registers stay as they are while the core is not halted`() {
    bench.core.powerOnReset()
    bench.poke(Register.dcrdr, 0x1234_5678)
    bench.poke(Register.dcrsr, 0)
    #expect(bench.peek(Register.dcrdr) == 0x1234_5678)
  }

  @Test func `switching to the process stack swaps R13`() {
    bench.programFlash([0x2000_1000, 0x0800_0101])
    bench.startHalted()
    bench.poke(Register.dcrdr, 0x2000_0803)
    bench.poke(Register.dcrsr, 1 << 16 | 18)
    bench.poke(Register.dcrdr, 0x0200_0000)
    bench.poke(Register.dcrsr, 1 << 16 | 20)
    #expect(bench.transfer(13) == 0x2000_0800)
    #expect(bench.transfer(17) == 0x2000_1000)
    #expect(bench.transfer(18) == 0x2000_0800)
  }
}

@Suite struct `Core private peripherals` {
  static let resetValues: [(address: UInt32, cortexM3: UInt32, cortexM4: UInt32)] = [
    (0xE000_ED00, 0x412F_C230, 0x410F_C241),
    (0xE000_ED0C, 0xFA05_0000, 0xFA05_0000),
    (0xE000_ED14, 0x0000_0200, 0x0000_0200),
    (0xE000_E004, 2, 2),
    (0xE000_ED88, 0, 0),
    (0xE000_ED90, 0x800, 0x800),
    (0xE000_EF34, 0, 0xC000_0000),
    (0xE000_EF40, 0, 0x1011_0021),
    (0xE000_EF44, 0, 0x1100_0011),
    (0xE000_2000, 0x260, 0x260),
    (0xE000_1000, 0x4000_0000, 0x4000_0000),
    (0xE000_1FBC, 0, 0),
    (0xE00F_F000, 0xFFF0_F003, 0xFFF0_F003),
    (0xE00F_F014, 0xFFF4_2003, 0xFFF4_2003),
    (0xE00F_F018, 0, 0),
    (0xE00F_FFCC, 1, 1),
    (0xE00F_FFE0, 0x11, 0x11),
    (0xE00F_FFE4, 0x04, 0x04),
    (0xE00F_FFE8, 0x0A, 0x0A),
    (0xE00F_FFF0, 0x0D, 0x0D),
    (0xE00F_FFFC, 0xB1, 0xB1),
    (0xE000_EFE0, 0x00, 0x0C),
    (0xE000_EFD0, 0x04, 0x04),
    (0xE004_0FE0, 0x23, 0xA1),
    (0xE004_1FE0, 0x24, 0x25),
  ]

  @Test(arguments: resetValues)
  func `registers read as on silicon`(row: (address: UInt32, cortexM3: UInt32, cortexM4: UInt32)) {
    for (profile, expected) in [
      (CoreProfile.cortexM3r2p0(), row.cortexM3), (CoreProfile.cortexM4r0p1(), row.cortexM4),
    ] {
      let bench = CoreBench(profile)
      bench.startHalted()
      #expect(bench.peek(row.address) == expected, "\(profile.processor) \(String(row.address, radix: 16))")
    }
  }

  @Test func `the trace blocks are dead without TRCENA`() {
    let bench = CoreBench()
    bench.core.powerOnReset()
    #expect(bench.peek(0xE000_1000) == 0)
    bench.poke(0xE000_1020, 0x2000_0000)
    bench.poke(Register.demcr, 0x0100_0000)
    #expect(bench.peek(0xE000_1020) == 0)
  }

  @Test(arguments: [0xE000_3000, 0xE000_D000, 0xE000_F000, 0xE004_3000, 0xE00F_E000] as [UInt32])
  func `blocks without a component answer with a bus error`(address: UInt32) {
    let bench = CoreBench()
    #expect(bench.core.readPrivatePeripheral(address, .word, by: .debugger) == .fault)
    #expect(bench.core.writePrivatePeripheral(address, 0, .word, by: .debugger) == .fault)
  }

  @Test func `FP_CTRL needs its key and comparators keep what exists`() {
    let bench = CoreBench()
    bench.poke(0xE000_2000, 1)
    #expect(bench.peek(0xE000_2000) == 0x260)
    bench.poke(0xE000_2000, 3)
    #expect(bench.peek(0xE000_2000) == 0x261)
    bench.poke(0xE000_2008, 0xFFFF_FFFF)
    bench.poke(0xE000_2020, 0xFFFF_FFFF)
    #expect(bench.peek(0xE000_2008) == 0xDFFF_FFFD)
    #expect(bench.peek(0xE000_2020) == 0x1FFF_FFFD)
  }

  @Test func `priorities hold four bits and take bytes`() {
    let bench = CoreBench()
    bench.poke(0xE000_E401, 0xFF, .byte)
    #expect(bench.peek(0xE000_E400) == 0x0000_F000)
    bench.poke(0xE000_ED23, 0x7F, .byte)
    #expect(bench.peek(0xE000_ED20) == 0x7000_0000)
    #expect(bench.peek(0xE000_ED22, .halfword) == 0x7000)
  }

  @Test func `an interrupt's pending bit cannot be cleared while its line is high`() {
    let bench = CoreBench()
    bench.core.setInterrupt(33, pending: true)
    #expect(bench.peek(0xE000_E204) == 2)
    bench.poke(0xE000_E284, 2)
    #expect(bench.peek(0xE000_E204) == 2)
    bench.core.setInterrupt(33, pending: false)
    bench.poke(0xE000_E284, 2)
    #expect(bench.peek(0xE000_E204) == 0)
  }

  @Test func `interrupts beyond the last line do not exist`() {
    let bench = CoreBench(.cortexM3r2p0(interruptLines: 81))
    bench.poke(0xE000_E108, 0xFFFF_FFFF)
    #expect(bench.peek(0xE000_E108) == 0x0001_FFFF)
    bench.core.setInterrupt(100, pending: true)
    #expect(bench.peek(0xE000_E20C) == 0)
  }

  @Test func `SysTick counts processor cycles and stands still in debug state`() {
    let bench = CoreBench()
    bench.programFlash([0x2000_1000, 0x0800_0101])
    bench.startHalted()
    bench.poke(0xE000_E014, 99)
    bench.poke(0xE000_E018, 0)
    bench.poke(0xE000_E010, 5)
    bench.core.run(until: 100_000)
    #expect(bench.peek(0xE000_E018) == 0)
  }

  @Test func `the core's time follows the clock at any frequency`() {
    let bench = CoreBench()
    bench.startHalted()
    bench.core.run(until: 1_000)
    #expect(bench.core.cycles == 16)
    bench.core.hclkHertz = 168_000_000
    bench.core.run(until: 2_000)
    #expect(bench.core.cycles == 16 + 168)
    bench.core.run(until: 1_500)
    #expect(bench.core.cycles == 16 + 168)
    #expect(bench.core.localNanoseconds == 2_000)
  }
}
