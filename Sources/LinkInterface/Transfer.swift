/// One USB transfer of a batch.
public enum Transfer: Sendable, Equatable {
  /// Bytes to a bulk OUT endpoint, sent as one transfer that a short packet may end.
  case bulkOut(Endpoint, [UInt8])

  /// At most `byteCount` bytes from a bulk IN endpoint; a short packet ends the transfer early.
  ///
  /// A device that sends more than that makes the transfer fail with the reason `overflow`.
  case bulkIn(Endpoint, byteCount: Int)

  /// A control transfer whose data stage goes to the device (empty data: no data stage).
  case controlOut(ControlSetup, [UInt8])

  /// A control transfer whose data stage comes from the device, at most `setup.length` bytes.
  case controlIn(ControlSetup)
}

/// The setup packet of a control transfer (USB 2.0, section 9.3).
public struct ControlSetup: Sendable, Equatable, Hashable {
  /// bmRequestType: direction, type and recipient.
  public var requestType: UInt8
  /// bRequest.
  public var request: UInt8
  /// wValue.
  public var value: UInt16
  /// wIndex.
  public var index: UInt16
  /// wLength: size of the data stage in bytes.
  public var length: UInt16

  /// Makes a setup packet from the five fields of USB 2.0, table 9-2.
  public init(requestType: UInt8, request: UInt8, value: UInt16, index: UInt16, length: UInt16) {
    self.requestType = requestType
    self.request = request
    self.value = value
    self.index = index
    self.length = length
  }

  /// GET_DESCRIPTOR for a string in US English, asking for the 255 bytes that a descriptor can have at the most.
  public static func stringDescriptor(_ number: UInt8) -> ControlSetup {
    ControlSetup(requestType: 0x80, request: 0x06, value: 0x0300 | UInt16(number), index: 0x0409, length: 255)
  }
}
