import Basics

/// The USB device that a file's DFU suffix says it is for.
public struct DFUFileDevice: Sendable, Equatable {
  /// What stands for any vendor and any product (USB DFU 1.1, appendix B).
  private static let any: UInt16 = 0xFFFF

  /// idVendor; 0xFFFF for any.
  public var vendorID: UInt16
  /// idProduct; 0xFFFF for any, and 0, which is nobody's, where whoever has made the file has left it open, as ST's own
  /// program for such files lets them.
  public var productID: UInt16

  /// Whether a device may be meant.
  func includes(vendorID other: UInt16, productID otherProduct: UInt16) -> Bool {
    (vendorID == Self.any || vendorID == other) && [Self.any, 0, otherProduct].contains(productID)
  }

  /// The ids as `lsusb` writes them.
  var text: String { Hexadecimal.usbIDs(vendorID: vendorID, productID: productID) }
}
