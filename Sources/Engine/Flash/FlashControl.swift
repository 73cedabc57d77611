/// FLASH_CR as read or as it is about to be written (RM0090, 3.9.6).
public struct FlashControl: RawRepresentable, Sendable, Hashable {
  /// The register's value.
  public var rawValue: UInt32

  /// Makes a control word from the register's value.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  static let programming = RegisterField("PG", 0)
  static let sectorErase = RegisterField("SER", 1)
  static let massErase = RegisterField("MER", 2)
  static let sectorNumber = RegisterField("SNB", 3, width: 5)
  static let parallelism = RegisterField("PSIZE", 8, width: 2)
  static let massEraseOfBank2 = RegisterField("MER1", 15)
  static let start = RegisterField("STRT", 16)
  static let lock = RegisterField("LOCK", 31)

  /// Nothing selected, locked: what the register holds after reset, and what we leave behind.
  static let idleLocked = FlashControl(rawValue: lock.mask)
  /// Nothing selected, still unlocked.
  static let idle = FlashControl(rawValue: 0)

  /// Whether the register refuses writes.
  public var isLocked: Bool { FlashControl.lock.isSet(in: rawValue) }

  /// Programming at a width.
  static func programming(_ parallelism: Parallelism) -> FlashControl {
    FlashControl(rawValue: FlashControl.parallelism.setting(parallelism.selection, in: programming.mask))
  }

  /// The erase of one sector, not started yet.
  static func erase(_ sector: Sector, _ parallelism: Parallelism) -> FlashControl {
    let selected = sectorNumber.setting(sector.selection, in: sectorErase.mask)
    return FlashControl(rawValue: FlashControl.parallelism.setting(parallelism.selection, in: selected))
  }

  /// The erase of whole banks, not started yet; MER alone erases only bank 1 of two.
  static func massErase(banks numbers: [Int], _ parallelism: Parallelism) -> FlashControl {
    let banks = (numbers.contains(1) ? massErase.mask : 0) | (numbers.contains(2) ? massEraseOfBank2.mask : 0)
    return FlashControl(rawValue: FlashControl.parallelism.setting(parallelism.selection, in: banks))
  }

  /// The same with STRT, which starts a selected erase.
  var started: FlashControl { FlashControl(rawValue: rawValue | FlashControl.start.mask) }

  /// The raw word and what it says: "CR 0x8000_0002 (SER, LOCK)".
  public var description: String {
    let flags = [
      FlashControl.programming, FlashControl.sectorErase, FlashControl.massErase, FlashControl.massEraseOfBank2,
      FlashControl.start, FlashControl.lock,
    ]
    let names = flags.filter { $0.isSet(in: rawValue) }.map(\.name)
    return "CR \(rawValue.hexadecimal)" + (names.isEmpty ? "" : " (\(names.joined(separator: ", ")))")
  }
}
