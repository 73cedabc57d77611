/// Which of its voices a program has said something with.
public enum OutputSource: Sendable, Hashable {
  /// Semihosting, on standard output.
  case semihosting
  /// Semihosting, on standard error.
  case semihostingError
  /// An RTT channel from the program to the host.
  case rtt(Int)
  /// A stimulus port of the ITM.
  case itm(Int)
  /// A serial port.
  case serial

  /// A short name that is stable: programs that read `--json` find it under `source`.
  public var name: String {
    switch self {
    case .semihosting: "semihosting"
    case .semihostingError: "semihosting:error"
    case .rtt(let channel): "rtt:\(channel)"
    case .itm(let port): "swo:\(port)"
    case .serial: "serial"
    }
  }
}

/// Something that a program has said: bytes of one source, as they came.
public struct ProgramOutput: Sendable, Hashable {
  /// The voice.
  public var source: OutputSource
  /// The bytes.
  public var bytes: [UInt8]
  /// When the chip says that it was said, by the timestamps of its trace stream; nil where it does not.
  public var chipTime: Duration?

  /// Makes it.
  public init(_ source: OutputSource, _ bytes: [UInt8], chipTime: Duration? = nil) {
    self.source = source
    self.bytes = bytes
    self.chipTime = chipTime
  }
}
