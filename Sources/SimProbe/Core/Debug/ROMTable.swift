/// The CoreSight ROM table at 0xE00F_F000, to which the access port's BASE points.
struct ROMTable {
  /// Signed offsets of the components from the table, with bit 0 (present) and bit 1 (32-bit format) set.
  private static let entries: [UInt32] = [
    0xFFF0_F003,  // SCS   0xE000_E000
    0xFFF0_2003,  // DWT   0xE000_1000
    0xFFF0_3003,  // FPB   0xE000_2000
    0xFFF0_1003,  // ITM   0xE000_0000
    0xFFF4_1003,  // TPIU  0xE004_0000
    0xFFF4_2003,  // ETM   0xE004_1000
  ]

  /// MEMTYPE.SYSMEM: the bus behind the same access port reaches system memory too.
  private static let memoryTypeOffset: UInt32 = 0xFCC

  /// Reads the word at an offset; the table cannot be written.
  static func read(_ offset: UInt32, identification: ComponentIdentification) -> UInt32 {
    if offset >= ComponentIdentification.firstOffset { return identification.register(at: offset) }
    if offset == memoryTypeOffset { return 1 }
    let index = Int(offset / 4)
    return index < entries.count ? entries[index] : 0
  }
}
