/// Bytes that may differ from one session to the next, with the reason as a name: a voltage, a serial number.
public struct MaskRule: Sendable, Equatable {
  /// The name: one word.
  public var name: String
  /// The exchanges that the rule is for, by their position in the session, from 0.
  public var exchanges: ClosedRange<Int>
  /// The bytes that may differ, by their position in what goes out or comes in, from 0.
  public var bytes: ClosedRange<Int>

  /// The key of the metadata entries that hold rules.
  static let metadataKey = "mask"

  /// Makes a rule; blanks in the name become hyphens.
  public init(_ name: String, exchanges: ClosedRange<Int>, bytes: ClosedRange<Int>) {
    self.name = String(name.map { $0.isWhitespace ? "-" : $0 })
    self.exchanges = exchanges
    self.bytes = bytes
  }

  /// Reads a rule from its text form, "NAME EXCHANGES BYTES" with ranges as "3-7" or "3"; nil for text that is none.
  init?(text: String) {
    let words = text.split(separator: " ")
    guard words.count == 3, let exchanges = MaskRule.range(words[1]), let bytes = MaskRule.range(words[2]) else {
      return nil
    }
    self.init(String(words[0]), exchanges: exchanges, bytes: bytes)
  }

  /// The rule as a metadata entry, to be given to a recorder.
  public var metadata: MetadataEntry {
    MetadataEntry(MaskRule.metadataKey, text)
  }

  /// The text form.
  var text: String {
    "\(name) \(MaskRule.text(exchanges)) \(MaskRule.text(bytes))"
  }

  private static func range(_ text: Substring) -> ClosedRange<Int>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil, first >= 0, first <= last else {
      return nil
    }
    return first...last
  }

  private static func text(_ range: ClosedRange<Int>) -> String {
    range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
  }
}
