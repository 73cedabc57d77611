import Testing

@testable import Engine

/// Option bytes in firmware files: as the flash stores them, and as the registers take them.
struct OptionImageTests {
  private func values(_ pieces: (UInt32, [UInt8])..., chip: String = "stm32f446re") throws -> OptionBytes {
    let image = try FirmwareImage(
      joining: pieces.compactMap { FirmwareImage.Segment(address: $0.0, bytes: $0.1) })
    let die = try #require(ChipCatalogue.dies.first { $0.deviceID == (chip == "stm32f446re" ? 0x421 : 0x419) })
    let layout = OptionLayout(die: die, flashByteCount: 0x10_0000)
    let factory = OptionBytes(
      layout, control: FlashOptionControl(rawValue: 0x0FFF_AAED), control1: FlashOptionControl1(rawValue: 0x0FFF_0000))
    return try factory.applying(try OptionAssignment.assignments(of: image))
  }

  private func control(_ pieces: (UInt32, [UInt8])...) throws -> UInt32 {
    let image = try FirmwareImage(
      joining: pieces.compactMap { FirmwareImage.Segment(address: $0.0, bytes: $0.1) })
    let die = try #require(ChipCatalogue.dies.first { $0.deviceID == 0x421 })
    let factory = OptionBytes(
      OptionLayout(die: die, flashByteCount: 0x8_0000), control: FlashOptionControl(rawValue: 0x0FFF_AAED),
      control1: nil)
    return try factory.applying(try OptionAssignment.assignments(of: image)).optionControl.rawValue
  }

  @Test func `stored halfwords change their half of the register, and what stands beside them means nothing`() throws {
    #expect(try control((0x1FFF_C000, [0xE4, 0xAA])) == 0x0FFF_AAE5)
    #expect(try control((0x1FFF_C008, [0xFB, 0x0F])) == 0x0FFB_AAED)
    #expect(try control((0x1FFF_C000, [0xE4, 0xAA, 0xFF, 0xFF])) == 0x0FFF_AAE5, "no SPRMOD from an erased upper half")
    let read: [UInt8] = [
      0xE4, 0xAA, 0x1B, 0x55, 0xFF, 0xFF, 0xFF, 0xFF, 0xFB, 0x0F, 0x04, 0xF0, 0xFF, 0xFF, 0xFF, 0xFF,
    ]
    #expect(try control((0x1FFF_C000, read)) == 0x0FFB_AAE5)
  }

  @Test func `a word that can only be OPTCR's is that, and the one behind it OPTCR1's`() throws {
    #expect(try control((0x1FFF_C000, [0xE4, 0xAA, 0xFB, 0x0F])) == 0x0FFB_AAE5)
    let both = try values((0x1FFF_C000, [0xE4, 0xAA, 0xFB, 0x0F, 0, 0, 0xFD, 0x0F]), chip: "stm32f429zi")
    #expect(both.optionControl.rawValue == 0x0FFB_AAE5 && both.optionControl1?.rawValue == 0x0FFD_0000)
    let stored = try values((0x1FFE_C008, [0xFD, 0x0F]), chip: "stm32f429zi")
    #expect(stored.optionControl1?.rawValue == 0x0FFD_0000 && stored.optionControl.rawValue == 0x0FFF_AAED)
    #expect(throws: OptionRefusal.self) { try control((0x1FFE_C008, [0xFD, 0x0F])) }
  }

  @Test(arguments: [(0x1FFF_C000 as UInt32, 1), (0x1FFF_C009, 1), (0x1FFF_C002, 2), (0x1FFF_C004, 4), (0x1FFE_C000, 2)])
  func `a part of a halfword, or what means nothing, is refused`(address: UInt32, count: Int) {
    #expect(throws: OptionRefusal.self) { try control((address, [UInt8](repeating: 0xE4, count: count))) }
  }
}
