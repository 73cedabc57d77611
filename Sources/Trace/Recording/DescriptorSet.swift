import LinkInterface

/// The descriptors that can be made from what is known of a device without asking it.
struct DescriptorSet {
  /// The string numbers that every ST-LINK uses, and so do we for a device that cannot be asked.
  private enum StringNumber {
    static let manufacturer: UInt8 = 1
    static let product: UInt8 = 2
    static let serial: UInt8 = 3
  }

  let identity: USBIdentity

  /// A descriptor; nil where the identity does not hold what it says.
  func descriptor(_ type: StandardRequest.DescriptorType, number: UInt8) -> [UInt8]? {
    switch type {
    case .device: deviceDescriptor
    case .configuration: nil
    case .string: text(number).map(DescriptorSet.stringDescriptor)
    }
  }

  /// The numbers of the strings that a device descriptor names, in its order.
  static func stringNumbers(ofDevice descriptor: [UInt8]) -> [UInt8] {
    descriptor.dropFirst(14).prefix(3).filter { $0 != 0 }
  }

  /// USB 2.0, table 9-8.
  private var deviceDescriptor: [UInt8] {
    var bytes = LittleEndianBytes()
    bytes.append([18, 1])
    bytes.append(0x0200 as UInt16)
    bytes.append([0, 0, 0, 64])
    bytes.append(identity.vendorID)
    bytes.append(identity.productID)
    bytes.append(identity.deviceRelease)
    for number in [StringNumber.manufacturer, StringNumber.product, StringNumber.serial] {
      bytes.append([text(number) == nil ? 0 : number])
    }
    bytes.append([1])
    return bytes.bytes
  }

  private func text(_ number: UInt8) -> String? {
    switch number {
    case StringNumber.manufacturer: identity.manufacturer
    case StringNumber.product: identity.product
    case StringNumber.serial: identity.serial?.text
    default: nil
    }
  }

  /// A string descriptor; its length byte limits it to 126 units.
  private static func stringDescriptor(_ text: String) -> [UInt8] {
    let units = text.utf16.prefix(126)
    var bytes = LittleEndianBytes()
    bytes.append([UInt8(2 + 2 * units.count), 3])
    units.forEach { bytes.append($0) }
    return bytes.bytes
  }
}
