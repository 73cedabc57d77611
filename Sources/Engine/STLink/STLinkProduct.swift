import Basics
public import Failures
public import LinkInterface

/// The kinds of ST-LINK that differ in what they understand.
public enum STLinkGeneration: String, Sendable, Hashable, CaseIterable {
  /// The first one: SCSI commands over a broken mass-storage device.
  case v1 = "V1"
  /// Stand-alone V2 and its clones, full speed.
  case v2 = "V2"
  /// The one on Nucleo and Discovery boards, a composite device.
  case v21 = "V2-1"
  /// V3E, V3SET, V3MINIE: high speed, clocks by list.
  case v3 = "V3"
  /// V3PWR, whose firmware counts itself version 4.
  case v3Power = "V3PWR"

  /// Whether clocks come from the list of GET_COM_FREQ and the version from GET_VERSION_EX.
  public var speaksVersion3: Bool { self == .v3 || self == .v3Power }
}

/// The bulk endpoints of a probe's debug interface (interface 0, alternate setting 0).
public struct STLinkEndpoints: Sendable, Hashable {
  /// Commands and write data.
  public let output: Endpoint
  /// Replies and read data.
  public let input: Endpoint
  /// SWO data; nil on V1.
  public let trace: Endpoint?

  static let v1 = STLinkEndpoints(output: .output(2), input: .input(1), trace: nil)
  static let v2 = STLinkEndpoints(output: .output(2), input: .input(1), trace: .input(3))
  static let composite = STLinkEndpoints(output: .output(1), input: .input(1), trace: .input(2))
}

/// One ST-LINK by its USB product id.
public struct STLinkProduct: Sendable, Hashable {
  /// idProduct; idVendor is 0x0483 always.
  public let productID: UInt16
  /// The name on ST's data briefs.
  public let name: String
  /// The kind.
  public let generation: STLinkGeneration
  /// Where its debug interface listens and answers.
  public let endpoints: STLinkEndpoints
  /// Whether the id belongs to the loader that the probe runs while its firmware is being updated.
  public let isLoader: Bool

  /// STMicroelectronics' USB vendor id.
  public static let vendorID: UInt16 = 0x0483
  /// The size of a command, one bulk transfer; ST-LINK/V1 alone packs it into mass storage's.
  public static let commandByteCount = STLinkCommand.blockByteCount

  /// Every known product id, in ascending order.
  ///
  /// Source: the device lists of OpenOCD, stlink, pyOCD and probe-rs, and lsusb dumps of each kind. An ST-LINK/V2 has the
  /// same id in its bootloader; there only the probe's own mode tells.
  public static let all: [STLinkProduct] = [
    STLinkProduct(0x3742, "ST-LINK/V2-1 without mass storage", .v21, .composite),
    STLinkProduct(0x3744, "ST-LINK/V1", .v1, .v1),
    STLinkProduct(0x3748, "ST-LINK/V2", .v2, .v2),
    STLinkProduct(0x374A, "ST-LINK/V2-1 audio", .v21, .composite),
    STLinkProduct(0x374B, "ST-LINK/V2-1", .v21, .composite),
    STLinkProduct(0x374D, "STLINK-V3 loader", .v3, .composite, isLoader: true),
    STLinkProduct(0x374E, "STLINK-V3E", .v3, .composite),
    STLinkProduct(0x374F, "STLINK-V3SET", .v3, .composite),
    STLinkProduct(0x3752, "ST-LINK/V2-1 without mass storage", .v21, .composite),
    STLinkProduct(0x3753, "STLINK-V3 with two serial ports", .v3, .composite),
    STLinkProduct(0x3754, "STLINK-V3 without mass storage", .v3, .composite),
    STLinkProduct(0x3755, "STLINK-V3PWR loader", .v3Power, .composite, isLoader: true),
    STLinkProduct(0x3757, "STLINK-V3PWR", .v3Power, .composite),
  ]

  private init(
    _ productID: UInt16, _ name: String, _ generation: STLinkGeneration, _ endpoints: STLinkEndpoints,
    isLoader: Bool = false
  ) {
    self.productID = productID
    self.name = name
    self.generation = generation
    self.endpoints = endpoints
    self.isLoader = isLoader
  }

  /// The product with these USB ids; nil for a device that is no known ST-LINK.
  public init?(vendorID: UInt16, productID: UInt16) {
    let known = STLinkProduct.all.first { $0.productID == productID }
    guard vendorID == STLinkProduct.vendorID, let known else { return nil }
    self = known
  }

  /// What is opened of it: debug is interface 0 of the only configuration of every ST-LINK.
  public var function: USBFunction { USBFunction(interface: 0, configuration: 1, answers: [endpoints.input]) }

  /// Why it cannot debug as it is, after "it", and what to do about it; nil for one that can.
  public var obstacle: (explanation: String, remedy: Advice)? {
    if isLoader {
      return (
        "is in its own bootloader and waits for probe firmware",
        "\(.replug); if it comes back the same, restore its firmware with ST's upgrade tool"
      )
    }
    guard generation == .v1 else { return nil }
    return (
      "speaks the SCSI protocol of the first ST-LINK, which this program does not",
      "Use an ST-LINK/V2, V2-1 or V3; a V1 cannot be upgraded to one"
    )
  }

  /// The product that can debug behind these USB ids.
  ///
  /// - Throws: `DebugError.probeUnusable` for V1, a firmware loader, and anything that is no known ST-LINK; nothing has
  ///   been sent then.
  public static func usable(_ identity: USBIdentity) throws(DebugError) -> STLinkProduct {
    let ids = Hexadecimal.usbIDs(vendorID: identity.vendorID, productID: identity.productID)
    guard let product = STLinkProduct(vendorID: identity.vendorID, productID: identity.productID) else {
      throw .probeUnusable(
        reason: "USB device \(ids) is not a known ST-LINK",
        remedy: "Choose another device\(with: .chooseProbe); \(.listProbes, or: "a listing") shows the probes it knows")
    }
    guard !product.isLoader else {
      throw .probeUnusable(
        reason: "the \(product.name) (\(ids)) runs its firmware loader, as during a firmware update",
        remedy: """
          \(.replug); if it comes back as the loader, finish the update with ST's STLinkUpgrade
          """, cause: .probeWrongMode)
    }
    guard product.generation != .v1 else {
      throw .probeUnusable(
        reason: "the \(product.name) (\(ids)) speaks SCSI over mass storage, which this program does not",
        remedy: "Use an ST-LINK/V2 or newer; every Nucleo board carries one")
    }
    return product
  }
}
