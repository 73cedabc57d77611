/// One asynchronous serial line with its control lines: the seam beside `USBDevice`.
///
/// A real port, a simulated adapter at a simulated chip's pins, a recorder around another line and a replayed recording
/// all conform; nothing above this protocol can tell which one it holds. Calls are synchronous and a line has a single
/// owner, so a simulated session is deterministic.
public protocol SerialLine: AnyObject {
  /// What the system says of the port.
  var identity: SerialIdentity { get }

  /// The clock by which this line's time passes: real time on a port, virtual time in the simulator.
  ///
  /// Whoever has to wait for the other end waits on this clock and on no other.
  var clock: any LinkClock { get }

  /// How characters stand on the wires now.
  var settings: SerialSettings { get }

  /// Changes how characters stand on the wires; what has been sent goes out as it was before.
  ///
  /// - Throws: `SerialError` with the reason `unsupported` where the port cannot do it.
  func configure(_ settings: SerialSettings) throws(SerialError)

  /// Sends bytes, and returns when the last stop bit is on the wire, or as near to that as the port can tell.
  func send(_ bytes: [UInt8], by deadline: Deadline) throws(SerialError)

  /// Waits for so many bytes.
  ///
  /// - Returns: exactly `byteCount` bytes; what came beyond them waits for the next call.
  /// - Throws: `SerialError`, which keeps what has come until then.
  func receive(_ byteCount: Int, by deadline: Deadline) throws(SerialError) -> [UInt8]

  /// Forgets what has come in and was not asked for.
  func discardInput() throws(SerialError)

  /// Drives a control line: active is low at the pin of a 3.3 or 5 V adapter.
  ///
  /// - Throws: `SerialError` with the reason `unsupported` where the port has no such line.
  func drive(_ line: ControlLine, active: Bool) throws(SerialError)

  /// Holds the sending wire low for a time, which is a break where that is longer than a character.
  func sendBreak(for duration: Duration) throws(SerialError)

  /// Gives the port back. Every later call throws `SerialError` with the reason `closed`. May be called twice.
  func close()
}

extension SerialLine {
  /// Sends bytes that have to be gone within a time from now.
  public func send(_ bytes: [UInt8], within limit: Duration) throws(SerialError) {
    try send(bytes, by: clock.deadline(after: limit))
  }

  /// Waits for so many bytes within a time from now.
  public func receive(_ byteCount: Int, within limit: Duration) throws(SerialError) -> [UInt8] {
    try receive(byteCount, by: clock.deadline(after: limit))
  }
}

/// The lines of a serial port that its user drives, beside the one with the data.
public enum ControlLine: String, Sendable, CaseIterable {
  /// Request to send.
  case rts
  /// Data terminal ready.
  case dtr
}

/// What the system says of a serial port.
public struct SerialIdentity: Sendable, Equatable {
  /// How the port is named: a path, or what it is.
  public var name: String
  /// The adapter, where the system knows it.
  public var product: String?

  /// Makes an identity.
  public init(name: String, product: String? = nil) {
    self.name = name
    self.product = product
  }
}
