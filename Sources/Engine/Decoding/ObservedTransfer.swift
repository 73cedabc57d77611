public import LinkInterface

/// One transfer that somebody saw on the cable, from whatever source: what decoding begins with.
public struct ObservedTransfer: Sendable, Equatable {
  /// What was asked.
  public var request: Transfer
  /// What came in.
  public var received: [UInt8]
  /// How the transfer failed, in words; nil for one that ended well.
  public var failure: String?
  /// Whether it is known how the transfer ended.
  public var hasEnd: Bool
  /// When the request was made, from the start of the session; nil where nobody knows.
  public var submitted: Duration?
  /// When it had ended; nil where nobody knows.
  public var completed: Duration?

  /// Makes a transfer.
  public init(
    _ request: Transfer, received: [UInt8] = [], failure: String? = nil, hasEnd: Bool = true,
    submitted: Duration? = nil, completed: Duration? = nil
  ) {
    self.request = request
    self.received = received
    self.failure = failure
    self.hasEnd = hasEnd
    self.submitted = submitted
    self.completed = completed
  }

  /// The bytes that go out.
  var sent: [UInt8] {
    switch request {
    case .bulkOut(_, let bytes), .controlOut(_, let bytes): bytes
    case .bulkIn, .controlIn: []
    }
  }
}
