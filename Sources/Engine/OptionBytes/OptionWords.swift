import Basics

/// The words for the values of option bytes: what pages lead with, and what may be typed in place of bits.
///
/// Sources: RM0033, 2.6 to 2.8 and 3.6.6; RM0090, 3.7 and 3.9.10 (the other manuals' chapters of the same names agree).
enum OptionWords {
  /// RDP: 0xAA and 0xCC are levels of their own, every other byte is level 1.
  static let readProtectionBytes: [UInt32: String] = Dictionary(
    uniqueKeysWithValues: (0...0xFF as ClosedRange<UInt32>).map { byte in
      switch byte {
      case OptionBytes.level0: (byte, "level0")
      case OptionBytes.level2: (byte, "level2")
      default: (byte, "level1(\(Hexadecimal.byte(UInt8(byte))))")
      }
    })

  /// BOR_LEV, by the supply below which the chip is held in reset.
  static let brownOutLevels: [UInt32: String] = [0b00: "2.7V", 0b01: "2.4V", 0b10: "2.1V", 0b11: "off"]

  /// What a field's word stands for; words of one value are listed with the usual one first.
  static func table(of role: OptionField.Role) -> [(word: String, bits: UInt32)] {
    switch role {
    case .readProtection:
      [("level0", OptionBytes.level0), ("level1", OptionBytes.usualLevel1), ("level2", OptionBytes.level2)]
    case .brownOutLevel:
      [
        ("off", 0b11), ("2.1V", 0b10), ("2.4V", 0b01), ("2.7V", 0b00), ("level1", 0b10), ("level2", 0b01),
        ("level3", 0b00),
      ]
    case .softwareWatchdog: [("software", 1), ("hardware", 0)]
    case .keepsRunningInStop, .keepsRunningInStandby: [("no-reset", 1), ("reset", 0)]
    case .startsFromBank2: [("bank1", 0), ("bank2", 1)]
    case .dualBank: [("one-bank", 0), ("two-banks", 1)]
    case .codeProtection: [("WRP", 0), ("PCROP", 1)]
    case .sectorProtection: []
    }
  }

  /// The word for what a field holds, where it has words.
  static func word(for bits: UInt32, of role: OptionField.Role) -> String? {
    if role == .readProtection, bits != OptionBytes.level0, bits != OptionBytes.level2 { return "level1" }
    return table(of: role).first { $0.bits == bits }?.word
  }

  /// What a value does, in a sentence.
  static func meaning(of bits: UInt32, _ role: OptionField.Role) -> String {
    let isSet = bits != 0
    switch role {
    case .readProtection:
      switch bits {
      case OptionBytes.level0: return "a debugger may read, erase and program the flash"
      case OptionBytes.level2: return "nobody can debug the chip or change its option bytes any more"
      default: return "a debugger has no access to the flash; going back to level 0 erases it"
      }
    case .brownOutLevel:
      return bits == 0b11
        ? "nothing but the power-down reset at about 1.7 V"
        : "the chip is held in reset below \(["2.7", "2.4", "2.1"][Int(bits)]) V (level \(3 - bits))"
    case .softwareWatchdog:
      return isSet ? "the program starts the independent watchdog" : "the independent watchdog runs from every reset on"
    case .keepsRunningInStop: return isSet ? "Stop mode does not reset" : "entering Stop mode resets the chip"
    case .keepsRunningInStandby: return isSet ? "Standby mode does not reset" : "entering Standby mode resets the chip"
    case .startsFromBank2:
      return isSet ? "the chip starts from bank 2 where a program is" : "the chip starts from bank 1"
    case .dualBank: return isSet ? "1 MiB of flash is cut into two banks" : "1 MiB of flash is one bank"
    case .codeProtection:
      return isSet ? "the nWRP bits that are 1 mean PCROP" : "the nWRP bits that are 0 mean write protection"
    case .sectorProtection: return ""
    }
  }
}
