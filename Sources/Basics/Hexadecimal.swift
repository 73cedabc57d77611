/// Numbers and bytes as hexadecimal text.
///
/// Messages write numbers in upper case and addresses in groups of four digits ("0x0800_4000"); dumps of bytes are in
/// lower case, as captures show them.
package enum Hexadecimal {
  /// A 32-bit number: "0x0800_4000".
  package static func word(_ value: UInt32) -> String {
    "0x" + digits(value >> 16, width: 4) + "_" + digits(value & 0xFFFF, width: 4)
  }

  /// A byte: "0x5A".
  package static func byte(_ value: UInt8) -> String {
    "0x" + digits(value, width: 2)
  }

  /// The first and the last address of a range: "0x0800_0000 to 0x0800_3FFF".
  package static func range(_ range: ClosedRange<UInt32>) -> String {
    word(range.lowerBound) + " to " + word(range.upperBound)
  }

  /// The digits alone, with leading zeros up to a width.
  package static func digits(_ value: some BinaryInteger, width: Int, uppercase: Bool = true) -> String {
    let text = String(value, radix: 16, uppercase: uppercase)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }

  /// A pair of USB ids as `lsusb` writes it: "0483:374b".
  package static func usbIDs(vendorID: UInt16, productID: UInt16) -> String {
    digits(vendorID, width: 4, uppercase: false) + ":" + digits(productID, width: 4, uppercase: false)
  }

  /// Two digits a byte in lower case, with a separator between the bytes.
  package static func text(_ bytes: some Sequence<UInt8>, separator: String = "") -> String {
    var characters: [UInt8] = []
    for byte in bytes {
      if !characters.isEmpty { characters += separator.utf8 }
      characters.append(alphabet[Int(byte >> 4)])
      characters.append(alphabet[Int(byte & 0x0F)])
    }
    return String(decoding: characters, as: UTF8.self)
  }

  /// The bytes of a text of digits in pairs; nil for any other text.
  package static func bytes(_ text: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in text.utf8 {
      guard let digit = value(of: character) else { return nil }
      if let complete = high {
        bytes.append(complete << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return high == nil ? bytes : nil
  }

  private static let alphabet = Array("0123456789abcdef".utf8)

  private static func value(of character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}

extension UInt32 {
  /// An address or a register's word: "0x0800_4000".
  package var hexadecimal: String { Hexadecimal.word(self) }
}

extension UInt16 {
  /// An identifier as the manuals write it, without leading zeros: "0x413".
  package var hexadecimal: String { "0x" + String(self, radix: 16, uppercase: true) }
}

extension Range<UInt32> {
  /// The first and the last address, both included: "0x0800_0000 to 0x0800_3FFF".
  package var addresses: String {
    isEmpty ? "nothing at \(lowerBound.hexadecimal)" : Hexadecimal.range(lowerBound...upperBound - 1)
  }
}
