/// A component whose registers only hold values: named offsets with a reset value and the bits that can be written, behind the
/// CoreSight lock (LAR and LSR), which is closed after reset.
///
/// The embedded trace macrocell is of this kind, whose stream nobody receives.
struct RegisterBank {
  /// One register.
  struct Row: Sendable {
    let offset: UInt32
    let reset: UInt32
    let writable: UInt32
  }

  private let rows: [Row]
  private let identification: ComponentIdentification
  private var values: [UInt32]
  private var isUnlocked = false

  private static let lockAccessOffset: UInt32 = 0xFB0
  private static let lockStatusOffset: UInt32 = 0xFB4
  private static let unlockKey: UInt32 = 0xC5AC_CE55

  /// Makes a bank in its reset state.
  init(_ rows: [Row], identification: ComponentIdentification) {
    self.rows = rows
    self.identification = identification
    values = rows.map(\.reset)
  }

  /// Reads the word at an offset; what is not listed reads as zero.
  func read(_ offset: UInt32) -> UInt32 {
    if offset >= ComponentIdentification.firstOffset { return identification.register(at: offset) }
    if offset == Self.lockStatusOffset { return isUnlocked ? 1 : 3 }
    guard let index = rows.firstIndex(where: { $0.offset == offset }) else { return 0 }
    return values[index]
  }

  /// Writes the word at an offset; while the bank is locked only the lock itself can be written.
  mutating func write(_ offset: UInt32, _ value: UInt32) {
    if offset == Self.lockAccessOffset {
      isUnlocked = value == Self.unlockKey
      return
    }
    guard isUnlocked, let index = rows.firstIndex(where: { $0.offset == offset }) else { return }
    values[index] = values[index] & ~rows[index].writable | value & rows[index].writable
  }
}

extension RegisterBank {
  /// The embedded trace macrocell (ETM architecture v3.5 as in the TRMs, chapter 14).
  static func embeddedTrace(_ profile: CoreProfile) -> RegisterBank {
    RegisterBank(
      [
        Row(offset: 0x000, reset: 0x0000_0411, writable: 0x0020_EFF1),  // ETMCR: powered down, programming
        Row(offset: 0x004, reset: 0x8C80_2000, writable: 0),  // ETMCCR
        Row(offset: 0x008, reset: 0, writable: 0x0001_FFFF),  // ETMTRIGGER
        Row(offset: 0x010, reset: 0x0000_0002, writable: 0x0000_0008),  // ETMSR: programming bit active
        Row(offset: 0x014, reset: 0x0002_0D09, writable: 0),  // ETMSCR
        Row(offset: 0x020, reset: 0, writable: 0x0001_FFFF),  // ETMTEEVR
        Row(offset: 0x024, reset: 0, writable: 0x0200_0000),  // ETMTECR1
        Row(offset: 0x028, reset: 0, writable: 0x0000_00FF),  // ETMFFLR
        Row(offset: 0x1E0, reset: 0x0000_0400, writable: 0),  // ETMSYNCFR
        Row(offset: 0x1E4, reset: profile.processor == .cortexM3 ? 0x4114_F241 : 0x4114_F250, writable: 0),  // ETMIDR
        Row(offset: 0x1E8, reset: 0x1854_1800, writable: 0),  // ETMCCER
        Row(offset: 0x1F0, reset: 0, writable: 0x000F_000F),  // ETMTESSEICR
        Row(offset: 0x200, reset: 0, writable: 0x0000_007F),  // ETMTRACEIDR
        Row(offset: 0x314, reset: 0x0000_0001, writable: 0),  // ETMPDSR
        Row(offset: 0xFCC, reset: 0x0000_0013, writable: 0),  // DEVTYPE
      ], identification: profile.embeddedTraceIdentification)
  }
}
