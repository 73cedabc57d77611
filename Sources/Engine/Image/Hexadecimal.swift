/// Numbers as messages and record files show them: upper-case hexadecimal digits of a fixed width.
enum Hexadecimal {
  /// A 32-bit number in the project's way of writing it: "0x0800_4000".
  static func word(_ value: UInt32) -> String {
    "0x" + digits(value >> 16, width: 4) + "_" + digits(value & 0xFFFF, width: 4)
  }

  /// A byte: "0x5A".
  static func byte(_ value: UInt8) -> String {
    "0x" + digits(UInt32(value), width: 2)
  }

  /// The first and the last address of a range: "0x0800_0000 to 0x0800_3FFF".
  static func range(_ range: ClosedRange<UInt32>) -> String {
    word(range.lowerBound) + " to " + word(range.upperBound)
  }

  /// The digits alone, with leading zeros.
  static func digits(_ value: UInt32, width: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
