/// How RTT is looked for and listened to.
public struct RTTOptions: Sendable {
  /// Where the control block is.
  public enum Place: Sendable, Equatable {
    /// At an address, such as that of the symbol `_SEGGER_RTT`.
    case address(UInt32)
    /// Somewhere in the RAM.
    case anywhere
  }

  /// Where the control block is.
  public var place: Place
  /// Whether somebody has said that there is one, so that its absence is worth a word.
  public var isExpected: Bool
  /// Whether a program whose buffer is full is made to wait for the host, so that nothing is lost; as before afterwards.
  public var makesProgramWait: Bool

  /// Makes options.
  public init(_ place: Place, isExpected: Bool = true, makesProgramWait: Bool) {
    self.place = place
    self.isExpected = isExpected
    self.makesProgramWait = makesProgramWait
  }
}
