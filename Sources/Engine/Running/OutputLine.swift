/// A line that a program has said, or as much of one as it has.
public struct OutputLine: Sendable, Hashable {
  /// The voice.
  public var source: OutputSource
  /// The bytes, without the line's end.
  public var bytes: [UInt8]
  /// When it was complete, since the program began to run.
  public var time: Duration
  /// When the chip says that its last part was said; nil where it does not.
  public var chipTime: Duration?
  /// Whether the line's end has come.
  public var isComplete: Bool

  /// Makes a line.
  public init(_ source: OutputSource, _ bytes: [UInt8], at time: Duration, isComplete: Bool = true) {
    self.source = source
    self.bytes = bytes
    self.time = time
    self.isComplete = isComplete
  }

  /// The bytes as text; what is no UTF-8 is replaced.
  public var text: String { String(decoding: bytes, as: UTF8.self) }
}
