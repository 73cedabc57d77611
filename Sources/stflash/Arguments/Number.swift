import Basics
import Engine

/// Why a text is not a number that the command line takes.
struct NumberError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, as the end of a sentence about the value.
  let description: String
}

/// Reads the number forms of st-flash: `0x` hexadecimal, `0b` binary, a leading 0 for octal, else decimal; behind it
/// optionally `k` or `M` (also `KiB`, `MiB`) for 1024 and 1,048,576.
///
/// Digits may be grouped with `_`, as our own messages write addresses.
enum Number {
  /// An address of the target: 0 to 0xFFFF_FFFF.
  static func address(_ text: String) throws(NumberError) -> UInt32 {
    let value = try parse(text)
    // An address of flash or RAM, as somebody types it who forgets the 0x.
    if isDecimal(text), let meant = UInt32(text, radix: 16), MemoryMap.presumed.mayHold(meant) {
      throw NumberError(
        description: "decimal, which is \(UInt32(value).hexadecimal), where no memory is; did you mean 0x\(text)?")
    }
    guard let address = UInt32(exactly: value) else {
      throw NumberError(description: "beyond 0xFFFF_FFFF, the last address there is")
    }
    return address
  }

  /// A number of bytes: 0 to 0x1_0000_0000, the whole address space.
  static func byteCount(_ text: String) throws(NumberError) -> Int {
    let value = try parse(text)
    guard value <= 0x1_0000_0000, let count = Int(exactly: value) else {
      throw NumberError(description: "more bytes than the 4 GiB that a target can address")
    }
    return count
  }

  /// A small count or index.
  static func index(_ text: String) throws(NumberError) -> Int {
    let value = try parse(text)
    guard let index = Int(exactly: value), index <= 0xFFFF else { throw NumberError(description: "too large") }
    return index
  }

  /// A baud rate, in decimal: below 1200 no bootloader can measure it (AN2606), above 4 Mbaud no adapter goes.
  static func baudRate(_ text: String) throws(NumberError) -> Int {
    guard let rate = Int(text), rate > 0 else { throw NumberError(description: "no whole number of bits a second") }
    guard (1200...4_000_000).contains(rate) else { throw NumberError(description: "not from 1200 to 4000000") }
    return rate
  }

  /// A number in any of the forms.
  static func parse(_ text: String) throws(NumberError) -> UInt64 {
    if text.isEmpty { throw NumberError(description: "empty") }
    if text.hasPrefix("-") { throw NumberError(description: "negative; addresses and sizes count up from zero") }
    let (digits, multiplier) = splitSuffix(text)
    let (body, radix) = splitPrefix(digits)
    let plain = body.filter { $0 != "_" }
    guard !plain.isEmpty else { throw NumberError(description: "without digits") }
    if let odd = plain.first(where: { !isDigit($0, radix: radix) }) {
      throw unexpected(odd, in: text, radix: radix)
    }
    guard let value = UInt64(plain, radix: radix) else {
      throw NumberError(description: "too large for any address or size")
    }
    let (product, overflows) = value.multipliedReportingOverflow(by: multiplier)
    if overflows { throw NumberError(description: "too large for any address or size") }
    return product
  }

  private static func isDecimal(_ text: String) -> Bool {
    !text.hasPrefix("0") && text.allSatisfy { $0.isASCII && $0.isNumber }
  }

  private static func splitSuffix(_ text: String) -> (Substring, UInt64) {
    var rest = text[...]
    if rest.hasSuffix("iB") { rest = rest.dropLast(2) }
    switch rest.last {
    case "k", "K": return (rest.dropLast(), 1024)
    case "m", "M": return (rest.dropLast(), 1_048_576)
    default: return (text[...], 1)
    }
  }

  private static func splitPrefix(_ text: Substring) -> (Substring, Int) {
    let head = text.prefix(2).lowercased()
    if head == "0x" { return (text.dropFirst(2), 16) }
    if head == "0b" { return (text.dropFirst(2), 2) }
    return text.count > 1 && text.hasPrefix("0") ? (text.dropFirst(), 8) : (text, 10)
  }

  private static func isDigit(_ character: Character, radix: Int) -> Bool {
    character.isASCII && character.hexDigitValue.map { $0 < radix } ?? false
  }

  private static func unexpected(_ character: Character, in text: String, radix: Int) -> NumberError {
    if radix == 8 && character.isNumber {
      let hexadecimal = "0x\(text.filter { $0 != "_" })"
      return NumberError(
        description: "octal because of its leading 0, where '\(character)' is no digit; did you mean \(hexadecimal)?")
    }
    if radix == 10, text.allSatisfy(\.isHexDigit) {
      return NumberError(description: "not decimal because of '\(character)'; did you mean 0x\(text)?")
    }
    return NumberError(
      description: "not a number because of '\(character)'; 0x hexadecimal, 0b binary, leading 0 octal or decimal, "
        + "then k or M")
  }
}
