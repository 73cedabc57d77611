import Basics

/// GDB's packets: `$`, the payload, `#`, two digits of a sum (GDB's manual, "Overview" of the remote protocol).
enum RemotePacket {
  /// Bytes that mean something in a packet: they go as `}` and themselves with bit 5 turned.
  private static let special: Set<UInt8> = [UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "}"), UInt8(ascii: "*")]
  private static let escape = UInt8(ascii: "}")

  /// A payload as it goes over the line.
  static func framed(_ payload: [UInt8]) -> [UInt8] {
    let sum = payload.reduce(UInt8(0)) { $0 &+ $1 }
    return [UInt8(ascii: "$")] + payload + [UInt8(ascii: "#")] + hex(of: sum)
  }

  /// Bytes as a binary payload has them.
  static func escaped(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    bytes.flatMap { special.contains($0) ? [escape, $0 ^ 0x20] : [$0] }
  }

  /// The bytes that a binary payload stands for; nil where it ends in the middle.
  static func unescaped(_ payload: ArraySlice<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(payload.count)
    var isEscaped = false
    for byte in payload {
      if isEscaped {
        bytes.append(byte ^ 0x20)
        isEscaped = false
      } else if byte == escape {
        isEscaped = true
      } else {
        bytes.append(byte)
      }
    }
    return isEscaped ? nil : bytes
  }

  /// A number in lower-case digits, as GDB writes them.
  static func digits(_ value: UInt32, width: Int = 1) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }

  /// Two lower-case digits.
  static func hex(of byte: UInt8) -> [UInt8] { [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }

  /// Two lower-case digits for each byte.
  static func hex(of bytes: some Sequence<UInt8>) -> [UInt8] { bytes.flatMap { hex(of: $0) } }

  /// The bytes that pairs of digits stand for; nil for anything else.
  static func bytes(ofHex text: some Collection<UInt8>) -> [UInt8]? {
    guard text.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in text {
      guard let digit = value(of: character) else { return nil }
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return bytes
  }

  /// A number in hexadecimal, without a prefix; nil for anything else, and for more than 32 bits.
  static func number(_ text: some Collection<UInt8>) -> UInt32? {
    guard !text.isEmpty else { return nil }
    var number: UInt64 = 0
    for character in text {
      guard let digit = value(of: character) else { return nil }
      number = number << 4 | UInt64(digit)
      if number > UInt64(UInt32.max) { return nil }
    }
    return UInt32(number)
  }

  private static let digits = Array("0123456789abcdef".utf8)

  private static func value(of character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
