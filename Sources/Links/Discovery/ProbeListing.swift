package import LinkInterface

/// A probe that is plugged in, and whether it can be used.
package struct ProbeListing: Sendable, Equatable {
  /// What the device says of itself; the strings are nil where they could not be read.
  package var identity: USBIdentity
  /// What kind of probe it is.
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
  /// Another program has claimed its interface.
  case inUse
  /// The operating system does not let this user open it.
  ///
  /// `node` is the device file, nil where there is none; `rule` the udev rule that would allow it.
  case denied(node: String?, rule: String)
  /// Opening it failed in another way.
  case failed(USBCallError)
}

/// A device of a known maker that is no probe: what is there instead of one often tells why none is found.
package struct ForeignDevice: Sendable, Equatable {
  /// The two ids as `lsusb` writes them.
  package var ids: String
  /// Where it hangs.
  package var location: USBLocation
  /// What it is.
  package var kind: USBCatalogue.Neighbour

  /// Makes one.
  package init(ids: String, location: USBLocation, kind: USBCatalogue.Neighbour) {
    self.ids = ids
    self.location = location
    self.kind = kind
  }
}
