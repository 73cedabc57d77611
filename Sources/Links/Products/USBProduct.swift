import Basics
package import Failures
package import LinkInterface

/// One USB product id under which a device shows up that a driver above this module knows.
package struct USBProduct: Sendable, Equatable {
  /// Why no driver can use a device with this id as it is.
  package struct Obstacle: Sendable, Equatable {
    /// What it does, after "it": "is in its own bootloader and waits for probe firmware".
    package var explanation: String
    /// What to do about it.
    package var remedy: Advice

    /// Makes an obstacle.
    package init(explanation: String, remedy: Advice) {
      self.explanation = explanation
      self.remedy = remedy
    }
  }

  /// idVendor.
  package let vendorID: UInt16
  /// idProduct.
  package let productID: UInt16
  /// The name by which it is sold, with what tells the variants apart.
  package let name: String
  /// What of it is opened.
  package let function: USBFunction
  /// What stands in the way of using it; nil for nothing.
  package let obstacle: Obstacle?

  /// Makes a product.
  package init(
    vendorID: UInt16, productID: UInt16, name: String, function: USBFunction, obstacle: Obstacle? = nil
  ) {
    self.vendorID = vendorID
    self.productID = productID
    self.name = name
    self.function = function
    self.obstacle = obstacle
  }

  /// The two ids as `lsusb` writes them ("0483:374b").
  package var usbID: String { Hexadecimal.usbIDs(vendorID: vendorID, productID: productID) }
}
