package import LinkInterface

/// What tells a kind of device from others in a capture; who knows the device knows the values.
package struct DeviceShape: Sendable, Equatable {
  /// idVendor of its maker.
  package var vendorID: UInt16
  /// Its commands are bulk transfers of this many bytes.
  package var commandSize: Int
  /// A request that other devices are asked which will do where none of the maker's is there, whatever its value and index;
  /// nil for none.
  package var otherRequest: ControlSetup?

  /// Makes a shape.
  package init(vendorID: UInt16, commandSize: Int, otherRequest: ControlSetup? = nil) {
    self.vendorID = vendorID
    self.commandSize = commandSize
    self.otherRequest = otherRequest
  }
}
