/// The virtual terminals in RTT's channel 0: 0xFF and a digit, 0 to F, switches to another one (SEGGER_RTT_SetTerminal).
struct RTTTerminals {
  private static let mark: UInt8 = 0xFF

  /// Whether the last byte was a mark, whose digit is to come.
  private var isDigitExpected = false
  private var current: UInt8 = 0x30
  private var isAtLineStart = true

  /// The text without the marks; lines of other terminals than 0 begin with theirs, "[2] ".
  mutating func text(of bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    for byte in bytes {
      if isDigitExpected {
        isDigitExpected = false
        if (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) {
          current = byte
          continue
        }
        text.append(Self.mark)
      }
      if byte == Self.mark {
        isDigitExpected = true
        continue
      }
      if isAtLineStart, current != 0x30 { text += [0x5B, current, 0x5D, 0x20] }
      isAtLineStart = byte == 0x0A
      text.append(byte)
    }
    return text
  }
}
