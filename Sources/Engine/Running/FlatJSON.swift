/// A JSON object whose values are texts, numbers and truths, as one line holds it (RFC 8259).
enum FlatJSON {
  /// A value.
  enum Value: Equatable {
    case text(String)
    case number(UInt64)
    case truth(Bool)
  }

  /// The members of an object; nil for what is none, or has other values.
  static func members(of text: String) -> [String: Value]? {
    var rest = Array(text.utf8)[...]
    var members: [String: Value] = [:]
    guard take("{", &rest) else { return nil }
    if take("}", &rest) { return rest.isEmpty ? members : nil }
    repeat {
      guard let name = string(&rest), take(":", &rest), let value = value(&rest) else { return nil }
      members[name] = value
    } while take(",", &rest)
    return take("}", &rest) && rest.isEmpty ? members : nil
  }

  private static func take(_ word: StaticString, _ rest: inout ArraySlice<UInt8>) -> Bool {
    rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
    let bytes = word.withUTF8Buffer { Array($0) }
    guard rest.starts(with: bytes) else { return false }
    rest = rest.dropFirst(bytes.count)
    return true
  }

  private static func value(_ rest: inout ArraySlice<UInt8>) -> Value? {
    if take("true", &rest) { return .truth(true) }
    if take("false", &rest) { return .truth(false) }
    if let text = string(&rest) { return .text(text) }
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    rest = rest.dropFirst(digits.count)
    return UInt64(String(decoding: digits, as: UTF8.self)).map(Value.number)
  }

  private static func string(_ rest: inout ArraySlice<UInt8>) -> String? {
    guard take("\"", &rest) else { return nil }
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      switch byte {
      case 0x22: return String(decoding: bytes, as: UTF8.self)
      case 0x5C:
        guard let escaped = escape(&rest) else { return nil }
        bytes += escaped
      default: bytes.append(byte)
      }
    }
    return nil
  }

  private static func escape(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    guard let letter = rest.popFirst() else { return nil }
    switch letter {
    case 0x22, 0x5C, 0x2F: return [letter]
    case 0x6E: return [0x0A]
    case 0x74: return [0x09]
    case 0x72: return [0x0D]
    case 0x62: return [0x08]
    case 0x66: return [0x0C]
    case 0x75:
      let digits = String(decoding: rest.prefix(4), as: UTF8.self)
      guard digits.utf8.count == 4, let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code) else {
        return nil
      }
      rest = rest.dropFirst(4)
      return Array(String(Character(scalar)).utf8)
    default: return nil
    }
  }
}
