/// One USB product id of the ST-LINK family: what it is and how its interfaces lie.
///
/// Sources: docs/simulated-probe.md, "Products".
struct ProbeProduct: Equatable, Sendable {
  /// What of the family the product belongs to.
  enum Family: Equatable, Sendable {
    /// ST-LINK/V2: full speed, one interface, own endpoint numbers.
    case v2
    /// ST-LINK/V2-1 on a Nucleo or Discovery board: full speed, composite.
    case v21
    /// ST-LINK/V3: high speed, composite.
    case v3
    /// A V3's USB loader: it takes new firmware and debugs nothing.
    case loader
  }

  /// What an interface of the device is for.
  enum Function: Equatable, Sendable {
    /// The debug interface, always number 0.
    case debug
    /// The drag-and-drop disk.
    case massStorage
    /// A virtual COM port (two interfaces).
    case serialPort
    /// SPI, I2C, CAN and GPIO of a V3SET or V3PWR.
    case bridge
  }

  /// idProduct.
  let productID: UInt16
  /// What ST calls it.
  let name: String
  /// What of the family it belongs to.
  let family: Family
  /// Its functions, in the order of their interface numbers.
  let functions: [Function]
  /// The firmware that it runs unless another is asked for.
  let usualFirmware: String

  /// Every product id that can be simulated.
  ///
  /// The V1 (0x3744) is missing: it is a mass-storage device that carries commands in SCSI blocks.
  static let all: [ProbeProduct] = [
    ProbeProduct(
      productID: 0x3748, name: "ST-LINK/V2", family: .v2, functions: [.debug], usualFirmware: "V2J37S7"),
    ProbeProduct(
      productID: 0x374B, name: "ST-LINK/V2-1", family: .v21, functions: [.debug, .massStorage, .serialPort],
      usualFirmware: "V2J37M27"),
    ProbeProduct(
      productID: 0x374A, name: "ST-LINK/V2-1 (audio)", family: .v21, functions: [.debug, .massStorage, .serialPort],
      usualFirmware: "V2J37M27"),
    ProbeProduct(
      productID: 0x3742, name: "ST-LINK/V2-1 (debug only)", family: .v21, functions: [.debug],
      usualFirmware: "V2J37M27"),
    ProbeProduct(
      productID: 0x3752, name: "ST-LINK/V2-1 (no mass storage)", family: .v21, functions: [.debug, .serialPort],
      usualFirmware: "V2J37M27"),
    ProbeProduct(
      productID: 0x374E, name: "STLINK-V3E", family: .v3, functions: [.debug, .massStorage, .serialPort],
      usualFirmware: "V3J7M3"),
    ProbeProduct(
      productID: 0x374F, name: "STLINK-V3SET", family: .v3, functions: [.debug, .massStorage, .serialPort, .bridge],
      usualFirmware: "V3J9M3B5S1"),
    ProbeProduct(
      productID: 0x3753, name: "STLINK-V3 (two COM ports)", family: .v3, functions: [.debug, .serialPort, .serialPort],
      usualFirmware: "V3J9M3"),
    ProbeProduct(
      productID: 0x3754, name: "STLINK-V3 (no mass storage)", family: .v3, functions: [.debug, .serialPort],
      usualFirmware: "V3J9M3"),
    ProbeProduct(
      productID: 0x3757, name: "STLINK-V3PWR", family: .v3, functions: [.debug, .serialPort, .bridge],
      usualFirmware: "V4J2B1P1"),
    ProbeProduct(
      productID: 0x374D, name: "STLINK-V3 USB loader", family: .loader, functions: [.debug], usualFirmware: "V3J7M3"),
    ProbeProduct(
      productID: 0x3755, name: "STLINK-V3PWR USB loader", family: .loader, functions: [.debug],
      usualFirmware: "V4J2B1P1"),
  ]

  /// The product with this id.
  static func withID(_ productID: UInt16) -> ProbeProduct? {
    all.first { $0.productID == productID }
  }

  /// Whether the product is enumerated at 480 Mbit/s.
  var isHighSpeed: Bool { family == .v3 || family == .loader }

  /// The largest packet of a bulk endpoint in bytes.
  var bulkPacketSize: Int { isHighSpeed ? 512 : 64 }

  /// The generations of firmware that run on it.
  var generations: ClosedRange<UInt8> {
    switch productID {
    case 0x3755, 0x3757: 4...4
    default: isHighSpeed ? 3...3 : 2...2
    }
  }
}
