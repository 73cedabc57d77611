/// How characters stand on a serial line's wires: eight data bits, the lowest first, without flow control.
public struct SerialSettings: Sendable, Equatable {
  /// The bit behind the data by which the other end notices a wrong one.
  public enum Parity: String, Sendable, CaseIterable {
    /// No such bit.
    case none
    /// The number of ones is even with it.
    case even
    /// The number of ones is odd with it.
    case odd
  }

  /// Bits a second.
  public var baudRate: Int
  /// The parity.
  public var parity: Parity
  /// The stop bits: 1 or 2.
  public var stopBitCount: Int

  /// Makes settings.
  public init(baudRate: Int, parity: Parity = .none, stopBitCount: Int = 1) {
    self.baudRate = baudRate
    self.parity = parity
    self.stopBitCount = stopBitCount
  }

  /// The bits of one character with its start and stop bits.
  public var bitsPerCharacter: Int { 9 + (parity == .none ? 0 : 1) + stopBitCount }

  /// How long so many characters take that follow each other without a gap.
  public func duration(ofCharacters count: Int) -> Duration {
    .nanoseconds(Int64(count) * Int64(bitsPerCharacter) * 1_000_000_000 / Int64(max(baudRate, 1)))
  }

  /// The settings as they are usually written: "115200 8E1".
  public var name: String { "\(baudRate) 8\(parity.rawValue.prefix(1).uppercased())\(stopBitCount)" }
}
