public import Failures

/// Keeps what was taken out of a chip to be put back, where it outlives the chip, the wires and this process.
public struct ContentKeeper: Sendable {
  /// Keeps the bytes from an address on, before they are taken out; returns where they are, in words for a user.
  public var keep: @Sendable (_ bytes: [UInt8], _ address: UInt32) throws(FailureReport) -> String
  /// The chip holds the bytes again: they need not be kept any more.
  public var discard: @Sendable () -> Void

  /// Makes a keeper.
  public init(
    keep: @escaping @Sendable (_ bytes: [UInt8], _ address: UInt32) throws(FailureReport) -> String,
    discard: @escaping @Sendable () -> Void
  ) {
    self.keep = keep
    self.discard = discard
  }
}
