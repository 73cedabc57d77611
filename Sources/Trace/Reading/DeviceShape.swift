/// What tells a kind of device from others in a capture; who knows the device knows the values.
package struct DeviceShape: Sendable, Equatable {
  /// idVendor of its maker.
  package var vendorID: UInt16
  /// Its commands are bulk transfers of this many bytes.
  package var commandSize: Int

  /// Makes a shape.
  package init(vendorID: UInt16, commandSize: Int) {
    self.vendorID = vendorID
    self.commandSize = commandSize
  }
}
