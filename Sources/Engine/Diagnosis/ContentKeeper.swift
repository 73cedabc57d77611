/// Keeps what was taken out of a chip to be put back, where it outlives the chip, the wires and this process.
public struct ContentKeeper: Sendable {
  /// Why nothing could be kept.
  public struct Failure: ReportableError, Sendable {
    /// The failure as a user reads it.
    public let report: FailureReport

    /// Makes a failure.
    public init(_ report: FailureReport) {
      self.report = report
    }
  }

  /// Keeps the bytes from an address on, before they are taken out; returns where they are, in words for a user.
  public var keep: @Sendable (_ bytes: [UInt8], _ address: UInt32) throws(Failure) -> String
  /// The chip holds the bytes again: they need not be kept any more.
  public var discard: @Sendable () -> Void

  /// Makes a keeper.
  public init(
    keep: @escaping @Sendable (_ bytes: [UInt8], _ address: UInt32) throws(Failure) -> String,
    discard: @escaping @Sendable () -> Void
  ) {
    self.keep = keep
    self.discard = discard
  }
}
