import LinkInterface

extension Transfer {
  /// The endpoint as a record names it; endpoint 0 carries the direction of a control transfer's data.
  var endpoint: Endpoint {
    switch self {
    case .bulkOut(let endpoint, _), .bulkIn(let endpoint, _): endpoint
    case .controlOut: .output(0)
    case .controlIn: .input(0)
    }
  }

  /// The kind as usbmon tells it.
  var urbKind: URBRecord.Kind { setup == nil ? .bulk : .control }

  var isInput: Bool {
    switch self {
    case .bulkIn, .controlIn: true
    case .bulkOut, .controlOut: false
    }
  }

  var setup: ControlSetup? {
    switch self {
    case .controlOut(let setup, _), .controlIn(let setup): setup
    case .bulkOut, .bulkIn: nil
    }
  }

  /// Whether another transfer is of the same kind, in the same direction, on the same endpoint.
  func hasKind(of other: Transfer) -> Bool {
    endpoint == other.endpoint && (setup == nil) == (other.setup == nil)
  }

  /// The bytes that go to the device; none for a transfer that only asks for some.
  var outgoingBytes: [UInt8] {
    switch self {
    case .bulkOut(_, let bytes), .controlOut(_, let bytes): bytes
    case .bulkIn, .controlIn: []
    }
  }

  /// The bytes that are to be moved, in either direction.
  var wireLength: UInt32 {
    switch self {
    case .bulkOut(_, let bytes), .controlOut(_, let bytes): UInt32(clamping: bytes.count)
    case .bulkIn(_, let byteCount): UInt32(clamping: byteCount)
    case .controlIn(let setup): UInt32(setup.length)
    }
  }
}

extension LinkError.Reason {
  /// How much a write moved that ended early; nil for every other failure.
  var sentByteCount: UInt32? {
    guard case .shortWrite(let sent) = self else { return nil }
    return UInt32(clamping: sent)
  }
}
