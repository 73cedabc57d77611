package import LinkInterface

/// An ST-LINK that is plugged in, and whether it can be used.
package struct ProbeListing: Sendable, Equatable {
  /// What the device says of itself; the strings are nil where they could not be read.
  package var identity: USBIdentity
  /// What kind of ST-LINK it is.
  package var product: USBProduct
  /// Whether it can be opened and claimed.
  package var access: ProbeAccess
  /// The device file that has to be opened on Linux; nil elsewhere.
  package var deviceNode: String?
  /// Why the strings, the serial among them, could not be read from a device that could be opened.
  package var stringFailure: LinkError.Reason?

  /// Makes a listing.
  package init(
    identity: USBIdentity, product: USBProduct, access: ProbeAccess, deviceNode: String? = nil,
    stringFailure: LinkError.Reason? = nil
  ) {
    self.identity = identity
    self.product = product
    self.access = access
    self.deviceNode = deviceNode
    self.stringFailure = stringFailure
  }
}

/// Whether a probe can be used.
package enum ProbeAccess: Sendable, Equatable {
  /// It can be opened and claimed.
  case free
  /// Another program has claimed its debug interface.
  case inUse
  /// The operating system does not let this user open it.
  ///
  /// `node` is the device file, nil where there is none; `rule` the udev rule that would allow it.
  case denied(node: String?, rule: String)
  /// Opening it failed in another way.
  case failed(USBCallError)
}

/// A USB device of ST's that is no ST-LINK: what is there instead of a probe often tells why none is found.
package struct ForeignDevice: Sendable, Equatable {
  /// idVendor.
  package var vendorID: UInt16
  /// idProduct.
  package var productID: UInt16
  /// Where it hangs.
  package var location: USBLocation

  /// Makes one.
  package init(vendorID: UInt16, productID: UInt16, location: USBLocation) {
    self.vendorID = vendorID
    self.productID = productID
    self.location = location
  }

  /// What the ids are known to stand for; nil for any other.
  package var meaning: String? {
    switch (vendorID, productID) {
    case (0x0483, 0xDF11): "an STM32 in its USB bootloader (DFU)"
    case (0x0483, 0x5740): "an STM32 that is a virtual serial port"
    default: nil
    }
  }
}
