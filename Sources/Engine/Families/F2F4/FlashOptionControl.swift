/// FLASH_OPTCR: the option bytes as the controller holds them (RM0090, 3.9.10; RM0033, 3.6.6).
public struct FlashOptionControl: Register32 {
  /// The manual's name.
  public static let name = "FLASH_OPTCR"
  /// The same on every F2 and F4.
  public static let address: UInt32 = 0x4002_3C14
  /// The register's bits.
  public var rawValue: UInt32

  /// Makes a value from the register's bits.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Every named field, lowest first; which of them a chip has is `OptionLayout`'s to say.
  public static var fields: [FieldInfo] {
    let locks: [Field<FlashOptionControl, Bool>] = [.optionLock, .optionStart]
    let low: [Field<FlashOptionControl, Bool>] = [
      .startsFromBank2, .softwareWatchdog, .keepsRunningInStop, .keepsRunningInStandby,
    ]
    let high: [Field<FlashOptionControl, Bool>] = [.dualBank, .codeProtection]
    return locks.map(\.info) + [Field<FlashOptionControl, UInt32>.brownOutLevel.info] + low.map(\.info) + [
      Field<FlashOptionControl, UInt32>.readProtection.info, Field<FlashOptionControl, UInt32>.writeProtection.info,
    ] + high.map(\.info)
  }
}

extension Field where Register == FlashOptionControl, Value == Bool {
  /// OPTLOCK: the register takes no writes.
  static var optionLock: Self { Self("OPTLOCK", 0) }
  /// OPTSTRT: programs the option bytes.
  static var optionStart: Self { Self("OPTSTRT", 1) }
}

extension Field where Register == FlashOptionControl, Value == Bool {
  /// BFB2: the ROM starts bank 2 where a program is; on DEV_ID 0x419 and 0x434 only, elsewhere reserved.
  public static var startsFromBank2: Self { Self("BFB2", 4) }
  /// WDG_SW: the independent watchdog is started by software, not at every reset.
  public static var softwareWatchdog: Self { Self("WDG_SW", 5) }
  /// nRST_STOP: entering Stop does not reset.
  public static var keepsRunningInStop: Self { Self("nRST_STOP", 6) }
  /// nRST_STDBY: entering Standby does not reset.
  public static var keepsRunningInStandby: Self { Self("nRST_STDBY", 7) }
  /// DB1M: a 1 MiB flash is cut into two banks; on DEV_ID 0x419 and 0x434 only, elsewhere a bit of nWRP or reserved.
  public static var dualBank: Self { Self("DB1M", 30) }
  /// SPRMOD: the bits of nWRP mean PCROP; on dies that have it.
  public static var codeProtection: Self { Self("SPRMOD", 31) }
}

extension Field where Register == FlashOptionControl, Value == UInt32 {
  /// BOR_LEV: the threshold of the brown-out reset; 3 is off, 0 the highest (data sheets, VBOR).
  public static var brownOutLevel: Self { Self("BOR_LEV", 2...3, naming: OptionWords.brownOutLevels) }
  /// RDP: 0xAA is level 0, 0xCC level 2, anything else level 1.
  public static var readProtection: Self { Self("RDP", 8...15, naming: OptionWords.readProtectionBytes) }
  /// NWRP: one bit a sector, 0 protects; as many as the die has, up to 12, on F413/423 up to 15.
  public static var writeProtection: Self { Self("nWRP", 16...27) }
}

/// FLASH_OPTCR1: write protection of bank 2; on DEV_ID 0x419 and 0x434 only (RM0090, 3.9.11).
public struct FlashOptionControl1: Register32 {
  /// The manual's name.
  public static let name = "FLASH_OPTCR1"
  /// Behind FLASH_OPTCR.
  public static let address: UInt32 = 0x4002_3C18
  /// The register's bits.
  public var rawValue: UInt32

  /// Makes a value from the register's bits.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Every named field, lowest first.
  public static var fields: [FieldInfo] { [Field<FlashOptionControl1, UInt32>.writeProtection.info] }
}

extension Field where Register == FlashOptionControl1, Value == UInt32 {
  /// NWRP of bank 2: bit 0 is sector 12.
  public static var writeProtection: Self { Self("nWRP", 16...27) }
}

/// FLASH_OPTKEYR: takes the two keys that unlock FLASH_OPTCR (RM0090, 3.7.2).
enum OptionKey {
  /// The same on every F2 and F4.
  static let address: UInt32 = 0x4002_3C08
  /// In this order; anything else blocks FLASH_OPTCR until the next reset.
  static let sequence: [UInt32] = [0x0819_2A3B, 0x4C5D_6E7F]
}
