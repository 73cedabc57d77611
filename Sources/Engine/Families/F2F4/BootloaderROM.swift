/// What the engine has to know of the ROM bootloader of a die beyond its protocol (AN2606, the chapters of the lines).
struct BootloaderROM: Sendable {
  /// A serial port that the bootloader listens at, with the pins of the chip.
  struct Port: Sendable {
    /// The name: "USART1".
    let name: String
    /// The pin that sends and the one that receives.
    let pins: String
  }

  /// Where the byte stands that says which bootloader it is.
  let identifierAddress: UInt32
  /// The serial ports.
  let ports: [Port]

  /// Every die has USART1 at the same pins.
  private static let first = Port(name: "USART1", pins: "PA9/PA10")
  private static let third = Port(name: "USART3", pins: "PB10/PB11 or PC10/PC11")
  private static let second = Port(name: "USART2", pins: "PD5/PD6")

  fileprivate static func of(_ deviceID: UInt16) -> BootloaderROM {
    switch deviceID {
    case 0x411, 0x413: BootloaderROM(identifierAddress: 0x1FFF_77DE, ports: [first, third])
    case 0x419, 0x421, 0x434: BootloaderROM(identifierAddress: 0x1FFF_76DE, ports: [first, third])
    case 0x441, 0x463:
      BootloaderROM(
        identifierAddress: 0x1FFF_76DE, ports: [first, second, Port(name: "USART3", pins: "PB10/PB11")])
    case 0x458:
      BootloaderROM(identifierAddress: 0x1FFF_76DE, ports: [first, Port(name: "USART2", pins: "PA2/PA3")])
    default: BootloaderROM(identifierAddress: 0x1FFF_76DE, ports: [first, second])
    }
  }
}

extension Die {
  /// Its ROM bootloader.
  var bootloader: BootloaderROM { .of(deviceID) }
}

extension ChipFamily {
  /// Where a bootloader takes what the supply is, which is no memory (AN2606, "device feature").
  var bootloaderSupplyWord: UInt32 { 0xFFFF_0000 }

  /// From where a bootloader reads the block with the unique identifier and the flash size: it refuses their own
  /// addresses, and looks only at the first one of a read, which here lies in the OTP area.
  var bootloaderIdentityBlock: UInt32 { 0x1FFF_7A00 }
  /// Where the flash size in KiB stands in that block, and where the unique identifier.
  var sizeOffset: Int { 0x22 }
  var uniqueIDOffsets: Range<Int> { 0x10..<0x1C }
}
