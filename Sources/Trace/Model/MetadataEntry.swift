/// One fact about a recording: a name and a value, as in "firmware: V2J45S7".
package struct MetadataEntry: Sendable, Equatable {
  /// The name; not empty, holds no colon and no line end.
  package let key: String
  /// The value, of one line.
  package let value: String

  /// Makes an entry that can stand on one line.
  ///
  /// Line ends become spaces, colons in the key hyphens, an empty key a hyphen; spaces before the value are dropped.
  package init(_ key: String, _ value: String) {
    self.key = key.isEmpty ? "-" : String(key.map { $0 == ":" || $0.isNewline ? "-" : $0 })
    self.value = String(value.map { $0.isNewline ? " " : $0 }.drop { $0 == " " })
  }

  /// Reads an entry from its text form; nil for text that is none.
  init?(text: String) {
    guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else { return nil }
    self.init(String(text[..<colon]), String(text[text.index(after: colon)...]))
  }

  /// The text form, as it stands in a capture file's comment.
  var text: String { "\(key): \(value)" }
}
