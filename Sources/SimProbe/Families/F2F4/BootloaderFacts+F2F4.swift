/// The ROM bootloaders of the dies (AN2606, 2025).
extension BootloaderFacts {
  private init(
    _ identifier: UInt8, at address: UInt32 = 0x1FFF_76DE, protocol version: UInt8 = 0x31, ports: [Int],
    ram: UInt32 = 0x2000_3000, startUp: UInt64, withoutCrystal: UInt64? = nil,
    usb: UInt64? = nil, deviations: Deviation = []
  ) {
    self.identifier = identifier
    identifierAddress = address
    protocolVersion = version
    self.ports = ports.map { "USART\($0)" }
    firstFreeRAM = ram
    startUpTime = startUp * 1000
    startUpTimeWithoutCrystal = (withoutCrystal ?? startUp) * 1000
    hertz = 24_000_000
    self.deviations = deviations
    supplyWord = 0xFFFF_0000
    usbConnectTime = usb.map { $0 * 1_000_000 }
  }

  /// Where the older lines have the identifier.
  private static let oldPlace: UInt32 = 0x1FFF_77DE

  /// Microseconds until it listens ("Bootloader timing characteristics"), with and without a crystal; milliseconds until a
  /// host sees it on USB.
  static let f2 = BootloaderFacts(
    0x33, at: oldPlace, ports: [1, 3], ram: 0x2000_2000, startUp: 84_600, usb: 270, deviations: .refusesTwice)
  static let f40x = BootloaderFacts(
    0x91, at: oldPlace, ports: [1, 3], startUp: 74_000, withoutCrystal: 96_000, usb: 250, deviations: .goStopsClocks)
  static let f42x = BootloaderFacts(
    0x91, ports: [1, 3], startUp: 74_000, withoutCrystal: 97_000, usb: 250, deviations: .cutsMemoryName)
  static let f446 = BootloaderFacts(0x90, ports: [1, 3], startUp: 73_600, withoutCrystal: 96_000, usb: 200)
  static let f401bc = BootloaderFacts(0xD1, ports: [1, 2], startUp: 74_500, withoutCrystal: 85_000, usb: 250)
  static let f401de = BootloaderFacts(0xD1, ports: [1, 2], startUp: 74_500, withoutCrystal: 85_000, usb: 250)
  static let f411 = BootloaderFacts(0xD0, ports: [1, 2], startUp: 74_500, withoutCrystal: 85_000, usb: 250)
  static let f469 = BootloaderFacts(0x90, ports: [1, 3], startUp: 73_700, withoutCrystal: 230_000, usb: 270)
  static let f412 = BootloaderFacts(0x91, ports: [1, 2, 3], startUp: 610, withoutCrystal: 180_000, usb: 380)
  static let f410 = BootloaderFacts(0xB1, ports: [1, 2], startUp: 610)
  static let f413 = BootloaderFacts(0x90, ports: [1, 2, 3], startUp: 640, withoutCrystal: 165_000, usb: 350)

  /// Versions that parts of an earlier date have, by die and identifier: the F2's V2.0, the F40x's V3.1 and the F42x's V7.0.
  static let earlier: [(deviceID: UInt32, facts: BootloaderFacts)] = [
    (
      0x411,
      BootloaderFacts(
        0x20, at: oldPlace, protocol: 0x30, ports: [1, 3], ram: 0x2000_2000, startUp: 134_000,
        deviations: .badAddressIsSilent)
    ),
    (
      0x413,
      BootloaderFacts(
        0x31, at: oldPlace, ports: [1, 3], ram: 0x2000_2000, startUp: 84_600, withoutCrystal: 96_000,
        usb: 270, deviations: [.refusesTwice, .goStopsClocks])
    ),
    (
      0x419,
      BootloaderFacts(
        0x70, ports: [1, 3], startUp: 82_000, withoutCrystal: 97_000, usb: 250,
        deviations: [.cutsMemoryName, .keepsSecondBankOnUSB])
    ),
  ]
}
