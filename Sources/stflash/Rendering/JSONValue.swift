import Basics

/// A value of JSON (RFC 8259) with a fixed order of members, so that output can be compared.
enum JSONValue: Equatable {
  case null
  case boolean(Bool)
  case integer(Int)
  /// A length of time in seconds, with microseconds.
  case seconds(Duration)
  case string(String)
  case array([JSONValue])
  case object([JSONMember])

  /// A string, or null where there is none.
  static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

  /// An integer, or null where there is none.
  static func optional(_ number: Int?) -> JSONValue { number.map(JSONValue.integer) ?? .null }

  /// An array of strings.
  static func strings(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }

  /// The value on one line, without spaces.
  var text: String {
    var text = ""
    append(to: &text)
    return text
  }

  private func append(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .seconds(let value): text += value.decimalSeconds(places: 6)
    case .string(let value): JSONValue.append(quoted: value, to: &text)
    case .array(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        value.append(to: &text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        JSONValue.append(quoted: member.name, to: &text)
        text += ":"
        member.value.append(to: &text)
      }
      text += "}"
    }
  }

  /// A string with what RFC 8259, section 7 wants escaped, and with U+007F to U+009F, U+2028 and U+2029 (which some
  /// readers take for line ends) and marks of direction escaped too, which a terminal would obey.
  private static func append(quoted value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{200E}", "\u{200F}",
        "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}":
        let digits = String(scalar.value, radix: 16, uppercase: true)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

/// A named member of a JSON object.
struct JSONMember: Equatable {
  /// The member's name.
  var name: String
  /// Its value.
  var value: JSONValue

  /// Makes a member.
  init(_ name: String, _ value: JSONValue) {
    self.name = name
    self.value = value
  }
}
