/// The CRC unit of every F2 and F4 (RM0090, 4; RM0033, 4): what the loader sums with.
enum ChecksumUnit {
  /// The sum of whole words as the unit forms it, from its reset on.
  ///
  /// Polynomial 0x04C1_1DB7, from the most significant bit of each word on, starting with all ones.
  static func sum(of bytes: some Sequence<UInt8>) -> UInt32 {
    var sum = UInt32.max
    var word: UInt32 = 0
    var count = 0
    for byte in bytes {
      word = word >> 8 | UInt32(byte) << 24
      count += 1
      guard count % 4 == 0 else { continue }
      sum ^= word
      for _ in 0..<4 { sum = sum << 8 ^ remainders[Int(sum >> 24)] }
    }
    precondition(count % 4 == 0, "the unit takes whole words")
    return sum
  }

  /// CRC_DR (RM0090, 4.4.1): takes words, and holds the sum.
  static let data: UInt32 = 0x4002_3000
  /// CRC_CR; RESET is bit 0 (RM0090, 4.4.3).
  static let control: UInt32 = 0x4002_3008

  /// The word that brings the unit from its reset to a sum: how a sum is put back that somebody else is forming.
  static func word(bringing sum: UInt32) -> UInt32 {
    var rest = sum
    // The polynomial is odd: the lowest bit tells whether it was subtracted.
    for _ in 0..<32 { rest = rest & 1 == 1 ? (rest ^ 0x04C1_1DB7) >> 1 | 1 << 31 : rest >> 1 }
    return rest ^ .max
  }

  /// What is left of each value of the top byte after eight divisions.
  private static let remainders: [UInt32] = (0...255).map { value in
    var rest = UInt32(value) << 24
    for _ in 0..<8 { rest = rest >> 31 == 1 ? rest << 1 ^ 0x04C1_1DB7 : rest << 1 }
    return rest
  }
}

/// RCC_AHB1ENR (RM0090, 6.3.10): which units of AHB1 have their clock.
struct AHB1ClockEnable: Register32 {
  static let name = "RCC_AHB1ENR"
  static let address: UInt32 = 0x4002_3830
  var rawValue: UInt32

  static var fields: [FieldInfo] { [Field<AHB1ClockEnable, Bool>.checksumUnit.info] }
}

extension Field where Register == AHB1ClockEnable, Value == Bool {
  static var checksumUnit: Self { Self("CRCEN", 12) }
}
