extension String {
  /// The text with everything escaped that a terminal would not show but obey.
  ///
  /// File names, serial numbers, board files, recordings and what a chip sends are others' texts: control characters
  /// (C0 but for tab and line feed, DEL, C1) could move the cursor, and marks of direction (Unicode, UAX 9) could turn
  /// the order of what is read.
  var printable: String {
    guard unicodeScalars.contains(where: \.isObeyed) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      if scalar.isObeyed {
        text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }
}

extension Unicode.Scalar {
  /// Whether a terminal does something for it other than showing it.
  fileprivate var isObeyed: Bool {
    switch self {
    case "\t", "\n": false
    case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{200E}", "\u{200F}", "\u{202A}"..."\u{202E}",
      "\u{2066}"..."\u{2069}":
      true
    default: false
    }
  }
}
