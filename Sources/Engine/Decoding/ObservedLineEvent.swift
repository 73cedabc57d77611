/// One thing that happened on a serial line, from whatever source: what decoding begins with.
public struct ObservedLineEvent: Sendable, Equatable {
  /// What happened.
  public enum Kind: Sendable, Equatable {
    /// Bytes went to the chip.
    case sent([UInt8])
    /// Bytes came from the chip.
    case received([UInt8])
    /// Something else that the host did to the line, in words: "RTS active".
    case line(String)
  }

  /// What happened.
  public var kind: Kind
  /// How it failed, in words; nil where it did not.
  public var failure: String?
  /// When it began, from the start of the session.
  public var start: Duration
  /// When it was over, from the start of the session.
  public var end: Duration

  /// Makes an event.
  public init(_ kind: Kind, failure: String? = nil, start: Duration, end: Duration) {
    self.kind = kind
    self.failure = failure
    self.start = start
    self.end = end
  }
}
