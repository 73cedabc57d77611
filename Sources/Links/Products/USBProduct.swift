/// One USB product id under which ST-LINK hardware shows up.
///
/// Source: the device lists of OpenOCD, stlink, pyOCD and probe-rs, and lsusb dumps of each kind.
package struct USBProduct: Sendable, Equatable {
  /// What can be done with a device of this id.
  package enum Role: String, Sendable, Equatable {
    /// Interface 0 takes the ST-LINK/V2 and V3 command blocks.
    case debug
    /// An ST-LINK/V1: commands are wrapped in SCSI on a mass-storage interface.
    case massStorageV1
    /// The probe's own bootloader: it takes probe firmware and debugs nothing.
    case loader
  }

  /// idProduct.
  package let productID: UInt16
  /// The name by which ST sells it, with what tells the variants apart.
  package let name: String
  /// What can be done with it.
  package let role: Role

  /// idVendor of every ST-LINK: STMicroelectronics.
  package static let vendorID: UInt16 = 0x0483

  /// Every known id, in ascending order.
  ///
  /// An ST-LINK/V2 has the same id in its bootloader; there only the probe's own mode tells.
  package static let all: [USBProduct] = [
    USBProduct(productID: 0x3742, name: "ST-LINK/V2-1 without mass storage", role: .debug),
    USBProduct(productID: 0x3744, name: "ST-LINK/V1", role: .massStorageV1),
    USBProduct(productID: 0x3748, name: "ST-LINK/V2", role: .debug),
    USBProduct(productID: 0x374A, name: "ST-LINK/V2-1 audio", role: .debug),
    USBProduct(productID: 0x374B, name: "ST-LINK/V2-1", role: .debug),
    USBProduct(productID: 0x374D, name: "STLINK-V3 loader", role: .loader),
    USBProduct(productID: 0x374E, name: "STLINK-V3E", role: .debug),
    USBProduct(productID: 0x374F, name: "STLINK-V3SET", role: .debug),
    USBProduct(productID: 0x3752, name: "ST-LINK/V2-1 without mass storage", role: .debug),
    USBProduct(productID: 0x3753, name: "STLINK-V3 with two serial ports", role: .debug),
    USBProduct(productID: 0x3754, name: "STLINK-V3 without mass storage", role: .debug),
    USBProduct(productID: 0x3755, name: "STLINK-V3PWR loader", role: .loader),
    USBProduct(productID: 0x3757, name: "STLINK-V3PWR", role: .debug),
  ]

  /// The product of a vendor and product id; nil when the device is no ST-LINK.
  package static func matching(vendorID: UInt16, productID: UInt16) -> USBProduct? {
    guard vendorID == USBProduct.vendorID else { return nil }
    return all.first { $0.productID == productID }
  }

  /// The two ids as `lsusb` writes them ("0483:374b").
  package var usbID: String {
    USBID.text(vendorID: USBProduct.vendorID, productID: productID)
  }
}
