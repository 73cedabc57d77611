import Testing

@testable import SimProbe

/// The address space: what answers where, and what faults.
@Suite struct BusMatrixTests {
  private let clock = VirtualClock()

  private func bus(_ name: String = "stm32f407vg") throws -> BusMatrix {
    let variant = try ChipModel(named: name).variant
    return BusMatrix(
      variant: variant, flash: FlashInterface(variant: variant, seed: 1), clock: clock,
      uniqueID: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  }

  private func word(_ bus: BusMatrix, _ address: UInt32, by master: BusMaster = .debugger) -> UInt32? {
    bus.read(address, .word, by: master).value
  }

  @Test(
    arguments: [
      0x0810_0000, 0x0020_0000, 0x1001_0000, 0x1FEF_FFFC, 0x1FFE_C000, 0x2002_0000, 0x3000_0000, 0x4002_3400,
      0x4008_0400,
      0x5006_0C00, 0x6000_0000, 0x9000_0000, 0xA000_2000, 0xC000_0000, 0xE010_0000, 0xF000_0000,
    ] as [UInt32])
  func `an address where nothing is faults in both directions`(address: UInt32) throws {
    let bus = try bus()
    #expect(bus.read(address, .word, by: .debugger) == .fault)
    #expect(bus.write(address, 0, .word, by: .debugger) == .fault)
  }

  @Test(
    arguments: [0x0800_0000, 0x080F_FFFC, 0x1000_FFFC, 0x1FFF_0000, 0x1FFF_FFFC, 0x2001_FFFC, 0x4002_3C0C] as [UInt32])
  func `the ends of every memory answer`(address: UInt32) throws {
    #expect(try word(bus(), address) != nil)
  }

  @Test func `SRAM keeps bytes, halfwords and words in little-endian order`() throws {
    let bus = try bus()
    _ = bus.write(0x2000_0000, 0x4433_2211, .word, by: .coreData)
    _ = bus.write(0x2000_0001, 0xAA, .byte, by: .coreData)
    _ = bus.write(0x2000_0002, 0xBBCC, .halfword, by: .coreData)
    #expect(word(bus, 0x2000_0000) == 0xBBCC_AA11)
    #expect(bus.read(0x2000_0003, .byte, by: .debugger).value == 0xBB)
    #expect(bus.read(0x2000_0002, .halfword, by: .debugger).value == 0xBBCC)
  }

  @Test func `the hole in a small part's RAM faults and SRAM2 behind it answers`() throws {
    let bus = try bus("stm32f205rb")
    #expect(word(bus, 0x2000_C000) == nil)
    _ = bus.write(0x2001_C000, 0x1234, .word, by: .debugger)
    #expect(word(bus, 0x2001_C000) == 0x1234)
  }

  @Test func `address 0 shows what the boot source says`() throws {
    let bus = try bus()
    _ = bus.write(0x2000_0000, 0x5555_AAAA, .word, by: .debugger)
    #expect(word(bus, 0) == 0xFFFF_FFFF)
    bus.remap(to: .sram)
    #expect(word(bus, 0) == 0x5555_AAAA)
    bus.remap(to: .systemMemory)
    #expect(word(bus, 4) == 0x1FFF_0401)
    bus.remap(to: .externalMemory)
    #expect(word(bus, 0) == nil)
  }

  @Test func `a write through the alias reaches the flash interface`() throws {
    let bus = try bus()
    #expect(bus.write(0, 0, .word, by: .debugger) == .done(0, cycles: 0))
    #expect(word(bus, 0x4002_3C0C) == 0xC0)
  }

  @Test func `core-coupled memory is data for the core and the debugger only`() throws {
    let bus = try bus()
    _ = bus.write(0x1000_0000, 7, .word, by: .coreData)
    #expect(word(bus, 0x1000_0000) == 7)
    #expect(bus.read(0x1000_0000, .halfword, by: .coreFetch) == .fault)
    #expect(bus.read(0x1000_0000, .word, by: .dma) == .fault)
    #expect(try word(self.bus("stm32f207zg"), 0x1000_0000) == nil)
  }

  @Test func `backup SRAM needs its clock to be read and DBP to be written`() throws {
    let bus = try bus()
    _ = bus.write(0x4002_4000, 1, .word, by: .debugger)
    bus.isBackupClocked = true
    _ = bus.write(0x4002_4000, 2, .word, by: .debugger)
    #expect(word(bus, 0x4002_4000) == 0xFFFF_FFFF)
    bus.isBackupWritable = true
    _ = bus.write(0x4002_4000, 3, .word, by: .debugger)
    #expect(word(bus, 0x4002_4000) == 3)
    #expect(try word(self.bus("stm32f411re"), 0x4002_4000) == nil)
  }

  @Test func `identity words read by every width`() throws {
    let bus = try bus()
    #expect(word(bus, 0x1FFF_7A10) == 0x0403_0201)
    #expect(word(bus, 0x1FFF_7A18) == 0x0C0B_0A09)
    #expect(bus.read(0x1FFF_7A22, .halfword, by: .debugger).value == 1024)
    #expect(word(bus, 0x1FFF_7A20) == 0x0400_C000)
    #expect(bus.read(0x1FFF_7A23, .byte, by: .debugger).value == 0x04)
  }

  @Test func `the option area shows the stored option bytes`() throws {
    let bus = try bus("stm32f429zi")
    #expect(bus.read(0x1FFF_C000, .halfword, by: .debugger).value == 0xAAEC)
    #expect(bus.read(0x1FFF_C008, .halfword, by: .debugger).value == 0x0FFF)
    #expect(bus.read(0x1FFE_C008, .halfword, by: .debugger).value == 0x0FFF)
    #expect(try word(self.bus("stm32f407vg"), 0x1FFE_C008) == nil)
  }

  @Test func `system memory reads and refuses writes`() throws {
    let bus = try bus()
    #expect(word(bus, 0x1FFF_0004) == 0x1FFF_0401)
    _ = bus.write(0x1FFF_0004, 0, .word, by: .debugger)
    #expect(word(bus, 0x1FFF_0004) == 0x1FFF_0401)
    #expect(word(bus, 0x4002_3C0C) == 0xC0)
  }

  @Test func `a bit of the SRAM alias reads and writes one bit`() throws {
    let bus = try bus()
    _ = bus.write(0x2000_0104, 0, .word, by: .debugger)
    // Byte 0x106, bit 3: 0x2200_0000 + 0x106 * 32 + 3 * 4.
    _ = bus.write(0x2200_20CC, 1, .word, by: .coreData)
    #expect(word(bus, 0x2000_0104) == 0x0008_0000)
    #expect(word(bus, 0x2200_20CC) == 1)
    #expect(word(bus, 0x2200_20C8) == 0)
    #expect(word(bus, 0x2240_0000) == nil)
  }

  @Test func `a bit of the peripheral alias reads and writes one bit`() throws {
    let bus = try bus()
    // FLASH_ACR, bit 8: offset 0x23C01 * 32.
    _ = bus.write(0x4200_0000 + 0x23C01 * 32, 1, .word, by: .coreData)
    #expect(word(bus, 0x4002_3C00) == 0x100)
  }

  @Test(arguments: [BusWidth.byte, .halfword, .word])
  func `bits can be reached by every width, as the low bit of what is written and read`(width: BusWidth) throws {
    let bus = try bus()
    _ = bus.write(0x2000_0104, 0xFFFF_FFFF, .word, by: .debugger)
    // Byte 0x107, bit 6: 0x2200_0000 + 0x107 * 32 + 6 * 4.
    let alias: UInt32 = 0x2200_20F8
    _ = bus.write(alias, 0xFE, width, by: .coreData)
    #expect(word(bus, 0x2000_0104) == 0xBFFF_FFFF, "bit 0 of what is written counts")
    #expect(bus.read(alias, width, by: .coreData) == .done(0, cycles: 0))
    _ = bus.write(alias, 0x01, width, by: .coreData)
    #expect(word(bus, 0x2000_0104) == 0xFFFF_FFFF)
    #expect(bus.read(alias, width, by: .coreData) == .done(1, cycles: 0))
  }

  @Test func `instructions cannot be fetched from peripherals`() throws {
    #expect(try bus().read(0x4002_3C00, .halfword, by: .coreFetch) == .fault)
    #expect(try bus().read(0xE000_ED00, .halfword, by: .coreFetch) == .fault)
  }

  @Test func `accesses to registers that are not modelled are counted`() throws {
    let bus = try bus()
    #expect(word(bus, 0x4000_0000) == 0)
    #expect(word(bus, 0x4000_0000) == 0)
    _ = bus.write(0x4000_0000, 9, .halfword, by: .debugger)
    #expect(word(bus, 0x4002_3C18) == 0)
    let seen = bus.peripherals.unmodelledAccesses
    #expect(seen.map(\.peripheral) == ["TIM2", "TIM2", "FLASH"])
    #expect(seen.map(\.count) == [2, 1, 1])
    #expect(seen.map(\.value) == [nil, 9, nil])
    #expect(seen.map(\.byteCount) == [4, 2, 4])
  }

  @Test func `a program's accesses to what is not there are kept, a debugger's are its own affair`() throws {
    /// A program at one instruction.
    final class Program: InstructionSource {
      let executingAddress: UInt32? = 0x0800_0100
    }
    let bus = try bus()
    let program = Program()
    bus.peripherals.executing = program
    for address: UInt32 in [0x6000_0000, 0x5010_0000, 0x2008_0000, 0x0810_0000] {
      #expect(bus.read(address, .word, by: .coreData) == .fault)
      #expect(bus.write(address, 1, .word, by: .coreData) == .fault)
      #expect(bus.read(address, .word, by: .debugger) == .fault)
    }
    let seen = bus.peripherals.unmodelledAccesses
    #expect(seen.map(\.reason) == [UnmodelledAccess.Reason](repeating: .nothingThere, count: 8))
    #expect(seen.map(\.count) == [1, 1, 2, 1, 1, 1, 1, 1])
  }

  @Test func `swapped banks show each other's contents`() throws {
    let bus = try bus("stm32f429zi")
    bus.flash.main.store(0x1111_1111, .word, at: 0)
    bus.flash.main.store(0x2222_2222, .word, at: 0x10_0000)
    bus.remap(to: .mainFlash, bankSwap: 0x10_0000)
    #expect(word(bus, 0x0800_0000) == 0x2222_2222)
    #expect(word(bus, 0x0810_0000) == 0x1111_1111)
  }

  @Test func `RAM after power-up depends on the seed alone`() throws {
    func ram(seed: UInt64) throws -> [UInt8] {
      let bus = try bus()
      var random = ChipRandom(seed: seed)
      bus.loseMemory(&random)
      return bus.sram.contents(0..<64)
    }
    #expect(try ram(seed: 1) == ram(seed: 1))
    #expect(try ram(seed: 1) != ram(seed: 2))
  }
}
