/// CRC: the checksum of the words written to its data register (RM0090, 4; RM0033, 4).
///
/// Polynomial 0x04C1_1DB7, most significant bit first, nothing reversed and nothing inverted.
final class CyclicRedundancyUnit: Peripheral {
  let name = "CRC"
  let registers = RegisterFile([
    RegisterDescription("DR", at: CyclicRedundancyUnit.data, reset: .max, writable: .max),
    RegisterDescription("IDR", at: 0x04, writable: 0xFF),
    RegisterDescription("CR", at: CyclicRedundancyUnit.control, [RegisterField("RESET", 0, .writeOnly)]),
  ])

  private static let data: UInt32 = 0x00
  private static let control: UInt32 = 0x08
  /// A word is worked on for four AHB cycles, in which the next access to the unit waits (RM0090, 4.3).
  private static let cyclesPerWord: UInt32 = 4

  /// The data register takes words only.
  func takes(_ width: BusWidth, at offset: UInt32) -> Bool {
    offset != Self.data || width == .word
  }

  func cycles(ofWriteTo offset: UInt32) -> UInt32 {
    offset == Self.data ? Self.cyclesPerWord : 1
  }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    switch offset {
    case Self.data: registers[Self.data] = Self.checksum(of: written, after: old)
    case Self.control where written & 1 != 0:
      registers[Self.data] = .max
      registers[Self.control] = 0
    default: break
    }
  }

  /// The checksum after one more word.
  private static func checksum(of word: UInt32, after checksum: UInt32) -> UInt32 {
    var rest = checksum ^ word
    for _ in 0..<4 { rest = rest << 8 ^ table[Int(rest >> 24)] }
    return rest
  }

  /// What eight shifts make of each value of the top byte.
  private static let table: [UInt32] = (UInt32(0)..<256).map { top in
    (0..<8).reduce(top << 24) { rest, _ in rest << 1 ^ (rest >> 31) * 0x04C1_1DB7 }
  }
}
