/// Which probe is simulated: product, firmware, serial number, and what is not known for sure of real firmware.
public struct STLinkProfile: Sendable, Equatable {
  /// How the serial number stands in its string descriptor (docs/simulated-probe.md, "Products").
  enum SerialEncoding: Equatable, Sendable {
    /// 24 hexadecimal digits.
    case digits
    /// 12 units that hold a raw byte each: V2 firmware before J21.
    case rawBytes
    /// Neither: a handful of units that are no text, as some clones send.
    case garbled
    /// A text without characters.
    case empty
  }

  /// What RESETSYS (0x32) makes of the target.
  enum SystemReset: Equatable, Sendable {
    /// AIRCR.VECTRESET: the core alone, as the field reports say.
    case core
    /// AIRCR.SYSRESETREQ: the core and the peripherals.
    case system
  }

  /// The USB product.
  let product: ProbeProduct
  /// The firmware.
  var version: ProbeVersion
  /// The firmware that the probe says it has; clones claim more than they can.
  var claimedVersion: ProbeVersion?
  /// The serial number: the 96-bit unique id of the probe's own microcontroller.
  var serial: [UInt8]
  /// How the serial number is sent.
  var serialEncoding: SerialEncoding
  /// What RESETSYS does.
  var systemReset = SystemReset.core
  /// Whether firmware of J37 (V3: J7) and later refuses memory commands on an access port that nothing has opened.
  var refusesUnopenedPorts = true

  /// A name of `names`, with what it stands for.
  struct Named: Equatable, Sendable {
    let name: String
    let productID: UInt16
    let firmware: String
  }

  /// The probes that have a name of their own.
  static let named: [Named] = [
    Named(name: "v2", productID: 0x3748, firmware: "V2J37S7"),
    Named(name: "v2-old", productID: 0x3748, firmware: "V2J17S4"),
    Named(name: "v2-1", productID: 0x374B, firmware: "V2J37M27"),
    Named(name: "v2-1-old", productID: 0x374B, firmware: "V2J28M17"),
    Named(name: "v3", productID: 0x374E, firmware: "V3J7M3"),
    Named(name: "v3set", productID: 0x374F, firmware: "V3J9M3B5S1"),
    Named(name: "v3minie", productID: 0x3754, firmware: "V3J9M3"),
    Named(name: "v3pwr", productID: 0x3757, firmware: "V4J2B1P1"),
  ]

  /// The names that `SimulationConfiguration.probeProfile` takes, for help texts and completions.
  public static let names: [String] = named.map(\.name)

  /// The product ids that `SimulationConfiguration.probeProfile` takes, in four hexadecimal digits.
  static let productIDs: [String] = ProbeProduct.all.map { String($0.productID, radix: 16, uppercase: true) }

  /// Finds a probe by its name ("v2", "v2-1", "v3"), with the firmware where it matters ("v2-1:V2J33M25"), or by its
  /// product id ("3754", "374b:V2J28M17").
  init(name: String) throws(STLinkProfileError) {
    let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let key = parts[0].lowercased()
    let product: ProbeProduct
    var firmware: String
    if let entry = STLinkProfile.named.first(where: { $0.name == key }),
      let found = ProbeProduct.withID(entry.productID)
    {
      (product, firmware) = (found, entry.firmware)
    } else if key.count == 4, let id = UInt16(key, radix: 16), let found = ProbeProduct.withID(id) {
      (product, firmware) = (found, found.usualFirmware)
    } else {
      throw .unknownProbe(parts[0])
    }
    if parts.count > 1 { firmware = parts[1] }
    guard let version = ProbeVersion(text: firmware) else { throw .badVersion(firmware) }
    guard product.generations.contains(version.generation) else {
      throw .wrongGeneration(firmware: version.text, product: product.name)
    }
    self.init(product: product, version: version)
  }

  /// Makes a profile; the serial number follows from the product id.
  init(product: ProbeProduct, version: ProbeVersion) {
    self.product = product
    self.version = version
    let low = UInt8(truncatingIfNeeded: product.productID)
    serial = [0x06, low, 0xFF, 0x34, 0x33, 0x39, 0x41, 0x50, 0x43, 0x11, 0x44, 0x33]
    serialEncoding = product.family == .v2 && version.debugLevel < 21 ? .rawBytes : .digits
  }

  /// The probe in words: product and firmware.
  var description: String { "\(product.name) \(version.text)" }
}

/// Why a text names no probe that can be simulated.
public enum STLinkProfileError: Error, Sendable, Equatable {
  /// Neither a name nor a product id.
  case unknownProbe(String)
  /// What follows the colon is no version such as V2J37S7.
  case badVersion(String)
  /// The firmware is for another generation of probes.
  case wrongGeneration(firmware: String, product: String)

  /// The error in a sentence, with the choices.
  public var text: String {
    switch self {
    case .unknownProbe(let name):
      "\"\(name)\" is no probe that can be simulated; there are "
        + (STLinkProfile.names + STLinkProfile.productIDs).joined(separator: ", ")
    case .badVersion(let text):
      "\"\(text)\" is no firmware version such as V2J37S7 or V3J7M3"
    case .wrongGeneration(let firmware, let product):
      "firmware \(firmware) does not run on a \(product)"
    }
  }
}
