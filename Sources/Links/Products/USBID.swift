/// How USB ids are written for people: four lower-case hexadecimal digits each.
enum USBID {
  /// The two ids as `lsusb` writes them ("0483:374b").
  static func text(vendorID: UInt16, productID: UInt16) -> String {
    digits(vendorID) + ":" + digits(productID)
  }

  /// One id in four digits ("0483").
  static func digits(_ value: UInt16) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: 4 - text.count) + text
  }
}
