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
  /// The identifiers that versions of it have; their first digit says which interfaces there are.
  let identifiers: [UInt8]
  /// The serial ports.
  let ports: [Port]

  /// Whether it shows itself on USB: by the first digit of the identifier, 3, 7, 9 and D.
  var hasUSB: Bool { identifiers.contains { [3, 7, 9, 0xD].contains($0 >> 4) } }

  /// The version whose erases of the second bank on USB have no effect (AN2606, the F42x's V7.0); nil for none.
  var identifierWithoutSecondBank: UInt8? { identifiers.contains(0x70) ? 0x70 : nil }

  /// Every die has USART1 at the same pins.
  private static let first = Port(name: "USART1", pins: "PA9/PA10")
  private static let third = Port(name: "USART3", pins: "PB10/PB11 or PC10/PC11")
  private static let second = Port(name: "USART2", pins: "PD5/PD6")

  /// Where the identifier stands in all but the oldest.
  private static let place: UInt32 = 0x1FFF_76DE
  private static let oldPlace: UInt32 = 0x1FFF_77DE

  fileprivate static func of(_ deviceID: UInt16) -> BootloaderROM {
    let single = Port(name: "USART3", pins: "PB10/PB11")
    return switch deviceID {
    case 0x411: BootloaderROM(identifierAddress: oldPlace, identifiers: [0x20, 0x33], ports: [first, third])
    case 0x413: BootloaderROM(identifierAddress: oldPlace, identifiers: [0x31, 0x91], ports: [first, third])
    case 0x419: BootloaderROM(identifierAddress: place, identifiers: [0x70, 0x91], ports: [first, third])
    case 0x421, 0x434: BootloaderROM(identifierAddress: place, identifiers: [0x90], ports: [first, third])
    case 0x441: BootloaderROM(identifierAddress: place, identifiers: [0x90, 0x91], ports: [first, second, single])
    case 0x463: BootloaderROM(identifierAddress: place, identifiers: [0x90], ports: [first, second, single])
    case 0x458:
      BootloaderROM(
        identifierAddress: place, identifiers: [0xB1], ports: [first, Port(name: "USART2", pins: "PA2/PA3")])
    case 0x431: BootloaderROM(identifierAddress: place, identifiers: [0xD0], ports: [first, second])
    default: BootloaderROM(identifierAddress: place, identifiers: [0xD1], ports: [first, second])
    }
  }
}

extension Die {
  /// Its ROM bootloader.
  var bootloader: BootloaderROM { .of(deviceID) }

  /// What the chip's supply is at the least while it is at work on USB, in millivolts; nil where USB may have a supply of
  /// its own.
  ///
  /// The transceiver works from VDD, down to 2.7 V (data sheets, "USB OTG FS DC electrical characteristics", of DS6329 table
  /// 57, note 2). F412, F413, F446 and F469 have a pin VDDUSB for it.
  var leastMillivoltsOnUSB: Int? { [0x411, 0x413, 0x419, 0x423, 0x431, 0x433].contains(deviceID) ? 2700 : nil }
}

extension MemoryMap {
  /// Where the 96 bits lie that tell a chip from all others, on every chip of these families.
  package static var uniqueIdentifier: Range<UInt32> {
    let offsets = ChipFamily.presumed.uniqueIDOffsets
    let block = ChipFamily.presumed.bootloaderIdentityBlock
    return block + UInt32(offsets.lowerBound)..<block + UInt32(offsets.upperBound)
  }
}

extension ChipFamily {
  /// Where a bootloader takes what the supply is, which is no memory (AN2606, "device feature").
  var bootloaderSupplyWord: UInt32 { 0xFFFF_0000 }

  /// From where a bootloader reads the block with the unique identifier and the flash size: it refuses their own
  /// addresses, and looks only at the first one of a read, which here lies in the OTP area.
  var bootloaderIdentityBlock: UInt32 { 0x1FFF_7A00 }
  /// How much of that block is read: up to the end of what is wanted.
  var bootloaderIdentityByteCount: Int { 0x24 }
  /// Where the flash size in KiB stands in that block, and where the unique identifier.
  var sizeOffset: Int { 0x22 }
  var uniqueIDOffsets: Range<Int> { 0x10..<0x1C }
}
