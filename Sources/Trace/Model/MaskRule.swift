import Basics

/// Bytes that may differ from one session to the next, with the reason as a name: a voltage, a serial number.
package struct MaskRule: Sendable, Equatable {
  /// Which transfers a rule is for.
  package enum Scope: Sendable, Equatable {
    /// The transfers at these positions in the session, from 0.
    case positions(ClosedRange<Int>)
    /// Every transfer to the device that begins with these bytes.
    case outgoing(prefix: [UInt8])
    /// Every transfer from the device that follows one to it that begins with these bytes, with no other to it between.
    case repliesTo(prefix: [UInt8])
  }

  /// The name: one word.
  package var name: String
  /// The transfers that the rule is for.
  package var scope: Scope
  /// The bytes that may differ, by their position in what goes out or comes in, from 0.
  package var bytes: ClosedRange<Int>

  /// The key of the metadata entries that hold rules.
  package static let metadataKey = "mask"

  /// Makes a rule; blanks in the name become hyphens.
  package init(_ name: String, _ scope: Scope, bytes: ClosedRange<Int>) {
    self.name = String(name.map { $0.isWhitespace ? "-" : $0 })
    self.scope = scope
    self.bytes = bytes
  }

  /// Makes a rule for transfers by their positions.
  package init(_ name: String, exchanges: ClosedRange<Int>, bytes: ClosedRange<Int>) {
    self.init(name, .positions(exchanges), bytes: bytes)
  }

  /// Reads a rule from its text form; nil for text that is none.
  ///
  /// The form is "NAME TRANSFERS BYTES" with ranges as "3-7" or "3". Transfers are positions, "out:" and the first
  /// bytes of what goes out in hexadecimal digits, or "in:" and those of what is answered: "voltage in:f7 0-7".
  package init?(text: String) {
    let words = text.split(separator: " ")
    guard words.count == 3, let scope = Scope(text: words[1]), let bytes = MaskRule.range(words[2]) else { return nil }
    self.init(String(words[0]), scope, bytes: bytes)
  }

  /// The rule as a metadata entry, to be given to a recorder.
  package var metadata: MetadataEntry {
    MetadataEntry(MaskRule.metadataKey, text)
  }

  /// The text form.
  package var text: String {
    "\(name) \(scope.text) \(MaskRule.text(bytes))"
  }

  fileprivate static func range(_ text: Substring) -> ClosedRange<Int>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil, first >= 0, first <= last else {
      return nil
    }
    return first...last
  }

  fileprivate static func text(_ range: ClosedRange<Int>) -> String {
    range.lowerBound == range.upperBound ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
  }
}

extension MaskRule.Scope {
  private static let outgoingWord = "out:"
  private static let replyWord = "in:"

  fileprivate init?(text: Substring) {
    if text.hasPrefix(Self.outgoingWord) {
      guard let prefix = Hexadecimal.bytes(text.dropFirst(Self.outgoingWord.count)) else { return nil }
      self = .outgoing(prefix: prefix)
    } else if text.hasPrefix(Self.replyWord) {
      guard let prefix = Hexadecimal.bytes(text.dropFirst(Self.replyWord.count)) else { return nil }
      self = .repliesTo(prefix: prefix)
    } else {
      guard let range = MaskRule.range(text) else { return nil }
      self = .positions(range)
    }
  }

  fileprivate var text: String {
    switch self {
    case .positions(let range): MaskRule.text(range)
    case .outgoing(let prefix): Self.outgoingWord + Hexadecimal.text(prefix)
    case .repliesTo(let prefix): Self.replyWord + Hexadecimal.text(prefix)
    }
  }
}
