import Testing

@testable import SimProbe

/// The modelled peripherals through the debugger's eyes: reset values and what the bits do.
@Suite struct PeripheralTests {
  private func connected(_ name: String = "stm32f429zi") throws -> BoardBench {
    let bench = try BoardBench(name)
    bench.connect()
    bench.enableClocks()
    return bench
  }

  @Test(
    arguments: [
      ("stm32f429zi", 0x4002_3830, 0x0010_0000), ("stm32f207zg", 0x4002_3830, 0),
      ("stm32f429zi", 0x4002_3804, 0x2400_3010), ("stm32f410rb", 0x4002_3804, 0x7F00_3010),
      ("stm32f429zi", 0x4002_3808, 0), ("stm32f429zi", 0x4002_3850, 0x7E67_91FF),
      ("stm32f429zi", 0x4002_3874, 0x0E00_0000), ("stm32f429zi", 0x4000_7000, 0xC000),
      ("stm32f411re", 0x4000_7000, 0x8000),
      ("stm32f429zi", 0x4002_0000, 0xA800_0000), ("stm32f429zi", 0x4002_0400, 0x280), ("stm32f429zi", 0x4002_0800, 0),
      ("stm32f429zi", 0x4000_3004, 0), ("stm32f429zi", 0x4000_3008, 0xFFF), ("stm32f429zi", 0x4001_3800, 0),
      ("stm32f429zi", 0x4000_2C00, 0x7F), ("stm32f429zi", 0xE004_2004, 0),
    ] as [(String, UInt32, UInt32)])
  func `a register reads its documented reset value`(name: String, address: UInt32, value: UInt32) throws {
    let bench = try BoardBench(name)
    bench.connect()
    if address & 0xFFFF_FF00 != 0x4002_3800 { bench.enableClocks() }
    #expect(bench.read(address) == value)
  }

  @Test func `HSI runs after reset`() throws {
    #expect(try connected().read(0x4002_3800).map { $0 & 0xFFFF_00FF } == 0x83)
  }

  // MARK: RCC

  @Test func `the reset causes add up until they are removed`() throws {
    let bench = try connected()
    bench.write(0xE000_ED0C, 0x05FA_0004)
    bench.pass(milliseconds: 2)
    #expect(bench.read(0x4002_3874) == 0x1E00_0000)
    bench.write(0x4002_3874, 0x0100_0000)
    #expect(bench.read(0x4002_3874) == 0)
    bench.board.driveReset(low: true)
    bench.board.driveReset(low: false)
    #expect(bench.read(0x4002_3874) == 0x0400_0000)
  }

  @Test func `backup SRAM opens with RCC and PWR`() throws {
    let bench = try connected()
    bench.write(0x4000_7000, 0xC100)
    bench.write(0x4002_4000, 0x1234)
    #expect(bench.read(0x4002_4000) == 0x1234)
    bench.write(0xE000_ED0C, 0x05FA_0004)
    bench.pass(milliseconds: 2)
    #expect(bench.read(0x4002_4000) == 0)
    bench.write(0x4002_3830, 0x0014_0000)
    #expect(bench.read(0x4002_4000) == 0x1234)
  }

  @Test func `core-coupled memory sleeps without its clock`() throws {
    let bench = try connected()
    bench.write(0x1000_0000, 0x77)
    bench.write(0x4002_3830, 0)
    #expect(bench.read(0x1000_0000) == 0)
    bench.write(0x4002_3830, 0x0010_0000)
    #expect(bench.read(0x1000_0000) == 0x77)
  }

  @Test func `the over-drive bits answer their requests`() throws {
    let bench = try connected()
    bench.write(0x4000_7000, 0x3_C000)
    bench.pass(milliseconds: 1)
    #expect(bench.read(0x4000_7004) == 0x3_4000)
  }

  // MARK: GPIO and SYSCFG

  @Test func `an output reads back what it drives`() throws {
    let bench = try connected()
    bench.write(0x4002_0C00, 0x0500_0000)
    bench.write(0x4002_0C18, 0x0000_3001)
    #expect(bench.read(0x4002_0C14) == 0x3001)
    #expect(bench.read(0x4002_0C10) == 0x3000)
    bench.write(0x4002_0C18, 0x1000_0000)
    #expect(bench.read(0x4002_0C10) == 0x2000)
    #expect(bench.read(0x4002_0C18) == 0)
  }

  @Test func `MEMRMP changes what address 0 shows and swaps the banks`() throws {
    let bench = try connected()
    bench.chip.flash.main.store(0x2222_2222, .word, at: 0x10_0000)
    bench.write(0x2000_0000, 0xCAFE_F00D)
    bench.write(0x4001_3800, 0x3)
    #expect(bench.read(0) == 0xCAFE_F00D)
    bench.write(0x4001_3800, 0x100)
    #expect(bench.read(0) == 0x2222_2222)
    #expect(bench.read(0x0800_0000) == 0x2222_2222)
  }

  @Test func `the compensation cell becomes ready`() throws {
    let bench = try connected()
    bench.write(0x4001_3820, 1)
    #expect(bench.read(0x4001_3820) == 0x101)
  }

  @Test func `a peripheral that only keeps its registers is told of once`() throws {
    let bench = try connected()
    bench.enableClocks()
    bench.write(0x5005_0000, 1)
    bench.write(0x5005_0020, 2)
    #expect(bench.read(0x5005_0020) == 2)
    let seen = bench.chip.bus.peripherals.unmodelledAccesses
    #expect(seen.map(\.peripheral) == ["DCMI"])
    #expect(seen.map(\.reason) == [.noFunction])
    #expect(seen.map(\.count) == [3])
  }

  // MARK: DBGMCU

  @Test func `DBGMCU takes words only and counts everything else`() throws {
    let bench = try connected()
    bench.setWidth(.halfword)
    #expect(bench.read(0xE004_2000) == 0)
    bench.setWidth(.word)
    #expect(bench.read(0xE004_2000) == 0x2001_6419)
    bench.write(0xE004_2000, 0)
    #expect(bench.read(0xE004_2000) == 0x2001_6419)
    #expect(bench.chip.bus.peripherals.unmodelledAccesses.map(\.peripheral) == ["DBGMCU"])
  }

  @Test(arguments: ChipCatalogue.variants.map(\.name))
  func `the identity of every die shows the 6 of real parts`(name: String) throws {
    let variant = try #require(ChipCatalogue.variants.first { $0.name == name })
    #expect(variant.die.idCode >> 12 & 0xF == 6)
    let chip = Chip(model: ChipModel(variant: variant, pinLetter: "V"), clock: VirtualClock(), seed: 1)
    chip.powerOn(hasSettled: true)
    #expect(chip.read(0xE004_2000, .word, by: .debugger).value == variant.die.idCode)
    #expect(chip.read(0x1FFF_7A22, .halfword, by: .debugger).value == variant.flashByteCount >> 10)
    #expect(chip.read(0xE000_E004, .word, by: .debugger).value == variant.die.interruptControllerType)
  }
}
