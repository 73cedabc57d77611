/// A USB transfer that did not happen as asked: which one, how it failed, and what had been done by then.
public struct LinkError: Error, Sendable, Equatable {
  /// How a transfer can fail.
  public enum Reason: Sendable, Equatable {
    /// Nothing came, or nothing was taken, by the deadline.
    case timeout
    /// The endpoint answered STALL.
    case stall
    /// The device has been unplugged or has dropped off the bus.
    case gone
    /// The operating system refuses access to the device.
    case denied
    /// Another program holds the device or its interface.
    case busy
    /// The device sent more bytes than the transfer asked for.
    case overflow
    /// Fewer bytes were taken than were to be sent.
    case shortWrite(sent: Int)
    /// The probe has been closed.
    case closed
    /// A replayed recording holds something else than what was asked for, or has ended.
    case divergence(String)
    /// Anything else the backend reports, with its own number and words.
    case other(code: Int32, text: String)
  }

  /// How the transfer failed.
  public var reason: Reason
  /// The position in the batch of the transfer that failed; nil when the failure belongs to no transfer.
  public var transferIndex: Int?
  /// The transfer that failed; nil when the failure belongs to no transfer.
  public var transfer: Transfer?
  /// What the transfers before the failed one returned.
  public var completed: [[UInt8]]
  /// What an IN transfer had received when it failed.
  public var partial: [UInt8]

  /// Makes an error for a failure that belongs to no transfer.
  public init(_ reason: Reason) {
    self.init(reason, at: nil, of: [], completed: [])
  }

  /// Makes an error for one transfer of a batch.
  public init(
    _ reason: Reason, at index: Int?, of batch: [Transfer], completed: [[UInt8]], partial: [UInt8] = []
  ) {
    self.reason = reason
    transferIndex = index
    transfer = index.flatMap { batch.indices.contains($0) ? batch[$0] : nil }
    self.completed = completed
    self.partial = partial
  }
}
