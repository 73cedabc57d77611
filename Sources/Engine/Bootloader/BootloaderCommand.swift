/// The commands of a ROM bootloader on a serial port (AN3155, table 2), those that F2 and F4 have.
enum BootloaderCommand: UInt8, Sendable, CaseIterable {
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

  /// The name in AN3155.
  var name: String {
    switch self {
    case .get: "Get"
    case .getVersion: "Get Version"
    case .getID: "Get ID"
    case .readMemory: "Read Memory"
    case .go: "Go"
    case .writeMemory: "Write Memory"
    case .extendedErase: "Extended Erase"
    case .writeProtect: "Write Protect"
    case .writeUnprotect: "Write Unprotect"
    case .readoutProtect: "Readout Protect"
    case .readoutUnprotect: "Readout Unprotect"
    }
  }
}

/// The single bytes of the protocol (AN3155, 2 and 3).
enum BootloaderByte {
  static let synchronise: UInt8 = 0x7F
  static let acknowledge: UInt8 = 0x79
  static let refusal: UInt8 = 0x1F
}

extension Sequence<UInt8> {
  /// All bytes with XOR: what ends an address, a block and a list.
  var parityByte: UInt8 { reduce(0, ^) }
}
