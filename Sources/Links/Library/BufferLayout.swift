import LinkInterface

/// How a transfer lies in the one buffer that libusb takes: a control transfer's setup packet comes before its data.
struct BufferLayout: Equatable {
  /// `LIBUSB_TRANSFER_TYPE_CONTROL`, the endpoint type of USB 2.0, table 9-13.
  static let controlType: UInt8 = 0
  /// `LIBUSB_TRANSFER_TYPE_BULK`.
  static let bulkType: UInt8 = 2
  /// The size of a setup packet (USB 2.0, section 9.3).
  static let setupByteCount = 8

  let endpoint: Endpoint
  let isControl: Bool
  /// The size of the whole buffer.
  let byteCount: Int
  /// What the buffer holds before the transfer, from its start.
  let outgoing: [UInt8]

  init(_ transfer: Transfer) {
    switch transfer {
    case .bulkOut(let endpoint, let data):
      self.init(endpoint: endpoint, isControl: false, byteCount: data.count, outgoing: data)
    case .bulkIn(let endpoint, let byteCount):
      self.init(endpoint: endpoint, isControl: false, byteCount: byteCount, outgoing: [])
    case .controlOut(let setup, let data):
      let packet = BufferLayout.packet(setup) + data
      self.init(endpoint: .output(0), isControl: true, byteCount: packet.count, outgoing: packet)
    case .controlIn(let setup):
      let packet = BufferLayout.packet(setup)
      self.init(
        endpoint: .output(0), isControl: true, byteCount: packet.count + Int(setup.length), outgoing: packet)
    }
  }

  private init(endpoint: Endpoint, isControl: Bool, byteCount: Int, outgoing: [UInt8]) {
    self.endpoint = endpoint
    self.isControl = isControl
    self.byteCount = byteCount
    self.outgoing = outgoing
  }

  /// The setup packet as it goes over the bus, little-endian (USB 2.0, table 9-2).
  private static func packet(_ setup: ControlSetup) -> [UInt8] {
    [setup.requestType, setup.request]
      + [setup.value, setup.index, setup.length].flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
  }
}
