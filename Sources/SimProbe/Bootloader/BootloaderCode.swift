/// The bytes of the ROM bootloader's protocol on serial ports (AN3155, 3).
enum BootloaderCode {
  static let acknowledge: UInt8 = 0x79
  static let refuse: UInt8 = 0x1F

  /// The commands of the F2 and F4, in the order in which Get lists them.
  enum Command: UInt8, CaseIterable {
    case get = 0x00
    case getVersion = 0x01
    case getID = 0x02
    case readMemory = 0x11
    case go = 0x21
    case writeMemory = 0x31
    case extendedErase = 0x44
    case writeProtect = 0x63
    case writeUnprotect = 0x73
    case readoutProtect = 0x82
    case readoutUnprotect = 0x92

    /// Whether read protection leaves it.
    var worksUnderReadProtection: Bool {
      switch self {
      case .get, .getVersion, .getID, .readoutUnprotect: true
      case .readMemory, .go, .writeMemory, .extendedErase, .writeProtect, .writeUnprotect, .readoutProtect: false
      }
    }
  }

  /// What Extended Erase takes in place of a number of sectors.
  enum SpecialErase {
    static let everything: UInt16 = 0xFFFF
    static let bank1: UInt16 = 0xFFFE
    static let bank2: UInt16 = 0xFFFD
    /// From here on a number of sectors is none.
    static let first: UInt16 = 0xFFF0
  }

  /// Whether bytes end with what they add up to without carries.
  static func isIntact(_ bytes: some Sequence<UInt8>) -> Bool { bytes.reduce(0, ^) == 0 }
}
