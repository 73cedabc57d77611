/// Offsets of the flash interface's registers (RM0090, 3.9.11).
enum FlashRegister {
  static let accessControl: UInt32 = 0x00
  static let key: UInt32 = 0x04
  static let optionKey: UInt32 = 0x08
  static let status: UInt32 = 0x0C
  static let control: UInt32 = 0x10
  static let optionControl: UInt32 = 0x14
  static let optionControl1: UInt32 = 0x18

  /// The registers of one die.
  static func descriptions(_ die: Die) -> [RegisterDescription] {
    let control = [
      RegisterField("PG", 0), RegisterField("SER", 1), RegisterField("MER", 2),
      RegisterField("SNB", 3...UInt32(2 + die.sectorNumberBits)), RegisterField("PSIZE", 8...9),
      RegisterField("STRT", 16, .readSet), RegisterField("EOPIE", 24), RegisterField("ERRIE", 25),
      RegisterField("LOCK", 31, .readSet),
    ]
    let secondBank = [RegisterField("MER1", 15)]
    return [
      RegisterDescription(
        "ACR", at: accessControl,
        [
          RegisterField("LATENCY", 0...UInt32(die.latencyBits - 1)), RegisterField("PRFTEN", 8),
          RegisterField("ICEN", 9), RegisterField("DCEN", 10), RegisterField("ICRST", 11), RegisterField("DCRST", 12),
        ]),
      RegisterDescription("KEYR", at: key, [RegisterField("FKEYR", 0...31, .writeOnly)]),
      RegisterDescription("OPTKEYR", at: optionKey, [RegisterField("OPTKEYR", 0...31, .writeOnly)]),
      RegisterDescription("SR", at: status, statusFields(hasReadError: die.hasReadoutProtectedSectors)),
      RegisterDescription(
        "CR", at: self.control, reset: FlashControl.lock, control + (die.hasSecondBankRegisters ? secondBank : [])),
      RegisterDescription(
        "OPTCR", at: optionControl, reset: OptionControl.lock,
        [RegisterField("OPTLOCK", 0, .readSet), RegisterField("OPTSTRT", 1, .readSet)]
          + RegisterField.runs("OPTION", OptionBytes.controlMask(die), .readWrite)),
    ] + (die.hasSecondBankRegisters ? [RegisterDescription("OPTCR1", at: optionControl1, writable: 0x0FFF_0000)] : [])
  }

  private static func statusFields(hasReadError: Bool) -> [RegisterField] {
    let flags: KeyValuePairs<String, UInt32> = [
      "EOP": 0, "OPERR": 1, "WRPERR": 4, "PGAERR": 5, "PGPERR": 6, "PGSERR": 7,
    ]
    let readError = hasReadError ? [RegisterField("RDERR", 8, .writeOneClears)] : []
    return flags.map { RegisterField($0.key, $0.value, .writeOneClears) } + readError
      + [RegisterField("BSY", 16, .readOnly)]
  }
}

/// FLASH_SR (RM0090, 3.9.5): flags that stay until a 1 is written to them, and BSY.
struct FlashStatus: OptionSet, Sendable {
  let rawValue: UInt32

  /// EOP: an operation ended well, with CR.EOPIE set.
  static let endOfOperation = FlashStatus(rawValue: 1 << 0)
  /// OPERR: an operation failed, with CR.ERRIE set.
  static let operationError = FlashStatus(rawValue: 1 << 1)
  /// WRPERR: a protected sector, a locked OTP block, a sector that does not exist, a refused option change.
  static let writeProtectionError = FlashStatus(rawValue: 1 << 4)
  /// PGAERR: the write crosses a 128-bit row.
  static let alignmentError = FlashStatus(rawValue: 1 << 5)
  /// PGPERR: the access is not as wide as PSIZE says.
  static let parallelismError = FlashStatus(rawValue: 1 << 6)
  /// PGSERR: a write to the flash without PG.
  static let sequenceError = FlashStatus(rawValue: 1 << 7)
  /// RDERR: a data read of a PCROP sector.
  static let readProtectionError = FlashStatus(rawValue: 1 << 8)
  /// BSY: an operation runs.
  static let busy = FlashStatus(rawValue: 1 << 16)

  /// What firmware or a stray write often leaves behind: PGPERR and PGSERR.
  static let leftByStrayWrite: FlashStatus = [.parallelismError, .sequenceError]
}

/// FLASH_CR (RM0090, 3.9.6).
struct FlashControl: Equatable, Sendable {
  var rawValue: UInt32

  static let pg: UInt32 = 1 << 0
  static let ser: UInt32 = 1 << 1
  static let mer: UInt32 = 1 << 2
  static let mer1: UInt32 = 1 << 15
  static let strt: UInt32 = 1 << 16
  static let eopie: UInt32 = 1 << 24
  static let errie: UInt32 = 1 << 25
  static let lock: UInt32 = 1 << 31

  /// The programming width that PSIZE selects, in bytes: 1, 2, 4 or 8.
  var parallelism: Parallelism { Parallelism.allCases[Int(rawValue >> 8 & 0b11)] }

  /// The code in SNB, masked to the part's width.
  func sectorSelector(bits: Int) -> UInt32 {
    rawValue >> 3 & (1 << UInt32(bits) - 1)
  }

  /// Whether all bits of a mask are set.
  func has(_ mask: UInt32) -> Bool {
    rawValue & mask == mask
  }
}

/// How many bits one programming pulse sets at once: the code in CR.PSIZE.
enum Parallelism: UInt32, CaseIterable, Sendable {
  case x8 = 1
  case x16 = 2
  case x32 = 4
  case x64 = 8

  /// The widest that a supply carries without the high voltage at VPP (data sheets, "Flash memory programming").
  static func widest(atMillivolts supply: Int) -> Parallelism {
    switch supply {
    case ..<2100: .x8
    case ..<2700: .x16
    default: .x32
    }
  }
}

/// FLASH_OPTCR (RM0090, 3.9.10) beyond the option bytes that it shadows.
enum OptionControl {
  static let lock: UInt32 = 1 << 0
  static let start: UInt32 = 1 << 1
}
