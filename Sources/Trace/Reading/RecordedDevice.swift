/// A device that a capture holds traffic of.
package struct RecordedDevice: Sendable, Hashable, CustomStringConvertible {
  /// The capture's interface, from 0; the same bus may have been captured through two of them.
  package var interface: Int
  /// The bus number.
  package var bus: UInt16
  /// The device's address on the bus.
  package var address: UInt8
  /// idVendor and idProduct as hexadecimal text; nil where the capture holds no descriptor.
  package var ids: String?
  /// The number of bulk transfers.
  package var bulkCount: Int

  /// Makes a device.
  package init(interface: Int, bus: UInt16, address: UInt8, ids: String?, bulkCount: Int) {
    self.interface = interface
    self.bus = bus
    self.address = address
    self.ids = ids
    self.bulkCount = bulkCount
  }

  /// The device in one line.
  package var description: String {
    "bus \(bus) device \(address)" + (ids.map { " (\($0))" } ?? "") + ", \(bulkCount) bulk transfers"
  }
}

/// Which of a capture's devices to read.
package enum DeviceChoice: Sendable, Equatable {
  /// The one with most bulk transfers.
  case busiest
  /// The one that looks most like this, by its maker and by its commands.
  case like(DeviceShape)
  /// The one with this address on this bus.
  case device(bus: UInt16, address: UInt8)

  /// What the device is to look like; nil where any will do.
  var shape: DeviceShape? {
    if case .like(let shape) = self { shape } else { nil }
  }
}
