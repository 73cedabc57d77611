/// Something that a serial line did not do as asked: how it failed, and what had come in by then.
public struct SerialError: Error, Sendable, Equatable {
  /// How a serial line can fail.
  public enum Reason: Sendable, Equatable {
    /// Not as many bytes came, or went, by the deadline.
    case timeout
    /// There is no such port.
    case missing
    /// The adapter has been unplugged.
    case gone
    /// The operating system refuses access to the port.
    case denied
    /// Another program holds the port.
    case busy
    /// What has that name is no serial port.
    case notSerial
    /// The port cannot do what was asked; what that was, in words.
    case unsupported(String)
    /// The line has been closed.
    case closed
    /// A replayed recording holds something else than what was asked for, or has ended.
    case divergence(String)
    /// Anything else that the system reports, with its own number and words.
    case other(code: Int32, text: String)
  }

  /// How it failed.
  public var reason: Reason
  /// The name of the port.
  public var port: String
  /// What had come in, where bytes were waited for.
  public var received: [UInt8]

  /// Makes an error.
  public init(_ reason: Reason, port: String, received: [UInt8] = []) {
    self.reason = reason
    self.port = port
    self.received = received
  }
}
