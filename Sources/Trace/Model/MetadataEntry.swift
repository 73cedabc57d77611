/// One fact about a recording: a name and a value, as in "firmware: V2J45S7".
public struct MetadataEntry: Sendable, Equatable {
  /// The name; holds no colon and no line end.
  public var key: String
  /// The value, of one line.
  public var value: String

  /// Makes an entry; line ends become spaces, and colons in the key hyphens.
  public init(_ key: String, _ value: String) {
    self.key = String(key.map { $0 == ":" || $0.isNewline ? "-" : $0 })
    self.value = String(value.map { $0.isNewline ? " " : $0 })
  }

  /// Reads an entry from its text form; nil for text that is none.
  init?(text: String) {
    guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else { return nil }
    let value = text[text.index(after: colon)...].drop { $0 == " " }
    self.init(String(text[..<colon]), String(value))
  }

  /// The text form, as it stands in a capture file's comment.
  var text: String { "\(key): \(value)" }
}
