/// FLASH_CR (RM0090, 3.9.6; RM0033, 3.6.5).
public struct FlashControl: Register32 {
  /// The manual's name.
  public static let name = "FLASH_CR"
  /// The same on every F2 and F4.
  public static let address: UInt32 = 0x4002_3C10
  /// The register's bits.
  public var rawValue: UInt32

  /// Makes a value from the register's bits.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Every named field, lowest first.
  public static var fields: [FieldInfo] {
    let selection: [Field<FlashControl, Bool>] = [.programming, .sectorErase, .massErase]
    let rest: [Field<FlashControl, Bool>] = [.massEraseOfBank2, .start, .endInterrupt, .errorInterrupt, .lock]
    // The width counts while something is to be programmed or erased: PG, SER, MER, MER1.
    let width = Field<FlashControl, UInt32>.parallelism.info.naming(
      [0: "x8", 1: "x16", 2: "x32", 3: "x64"], relevance: 0x8007)
    return selection.map(\.info) + [Field<FlashControl, UInt32>.sectorNumber.info, width] + rest.map(\.info)
  }

  /// Nothing selected, locked: what the register holds after reset, and what we leave behind.
  static let idleLocked = FlashControl(rawValue: Field.lock.info.mask)
  /// Nothing selected, still unlocked.
  static let idle = FlashControl(rawValue: 0)

  /// Programming at a width.
  static func programming(_ parallelism: Parallelism) -> FlashControl {
    var control = idle
    control[.programming] = true
    control[.parallelism] = parallelism.selection
    return control
  }

  /// The erase of one sector, not started yet.
  static func erase(_ sector: Sector, _ parallelism: Parallelism) -> FlashControl {
    var control = idle
    control[.sectorErase] = true
    control[.sectorNumber] = sector.selection
    control[.parallelism] = parallelism.selection
    return control
  }

  /// The erase of whole banks, not started yet; MER alone erases only bank 1 of two.
  static func massErase(banks: [Int], _ parallelism: Parallelism) -> FlashControl {
    var control = idle
    control[.massErase] = banks.contains(1)
    control[.massEraseOfBank2] = banks.contains(2)
    control[.parallelism] = parallelism.selection
    return control
  }

  /// The same with STRT, which starts a selected erase.
  var started: FlashControl {
    var control = self
    control[.start] = true
    return control
  }
}

extension Field where Register == FlashControl, Value == Bool {
  /// PG: programming is enabled.
  public static var programming: Self { Self("PG", 0) }
  /// SER: a sector is to be erased.
  public static var sectorErase: Self { Self("SER", 1) }
  /// MER: everything, or bank 1 of two, is to be erased.
  public static var massErase: Self { Self("MER", 2) }
  /// MER1: bank 2 is to be erased; on DEV_ID 0x419 and 0x434 only.
  public static var massEraseOfBank2: Self { Self("MER1", 15) }
  /// STRT: starts the selected erase.
  public static var start: Self { Self("STRT", 16) }
  /// EOPIE: the interrupt at the end of an operation.
  public static var endInterrupt: Self { Self("EOPIE", 24) }
  /// ERRIE: the interrupt on errors.
  public static var errorInterrupt: Self { Self("ERRIE", 25) }
  /// LOCK: the register takes no writes.
  public static var lock: Self { Self("LOCK", 31) }
}

extension Field where Register == FlashControl, Value == UInt32 {
  /// SNB: which sector; one bit shorter on dies with one bank.
  public static var sectorNumber: Self { Self("SNB", 3...7) }
  /// PSIZE: how many bits at once.
  public static var parallelism: Self { Self("PSIZE", 8...9) }
}

/// FLASH_KEYR: takes the two keys that unlock FLASH_CR (RM0090, 3.6.1).
enum FlashKey {
  /// The same on every F2 and F4.
  static let address: UInt32 = 0x4002_3C04
  /// In this order; anything else blocks the controller until the next reset.
  static let sequence: [UInt32] = [0x4567_0123, 0xCDEF_89AB]
}
