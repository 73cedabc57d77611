import Basics

/// What may use the RAM, or reset the chip, while the core stands still: units that go on by themselves.
enum BusMasters {
  /// Units of a chip that would spoil what a guest in the RAM does, or what is put back after it; nil where none is at work.
  ///
  /// - Returns: the first one's name.
  static func atWork(_ access: any DebugAccess) throws(DebugError) -> String? {
    let ahb1 = try access.readWord(at: AHB1ClockEnable.address)
    for (bit, name) in ownMasters where ahb1 >> bit & 1 == 1 { return name }
    for (bit, base, name) in streamControllers where ahb1 >> bit & 1 == 1 {
      for stream in 0..<streamCount where try access.readWord(at: base + 0x10 + 0x18 * UInt32(stream)) & 1 == 1 {
        return "\(name) stream \(stream)"
      }
    }
    if try access.readWord(at: apb2ClockEnable) >> 26 & 1 == 1 { return "LTDC" }
    // A window watchdog is fed by its program alone, and is not frozen while the core runs.
    if try access.readWord(at: apb1ClockEnable) >> 11 & 1 == 1, try access.readWord(at: windowWatchdog) >> 7 & 1 == 1 {
      return "the window watchdog"
    }
    return nil
  }

  /// Masters that are taken for working as soon as they have a clock, by their bit in RCC_AHB1ENR (RM0090, 6.3.10).
  private static let ownMasters: KeyValuePairs<UInt32, String> = [23: "DMA2D", 25: "Ethernet", 29: "USB OTG HS"]
  /// The DMA controllers: bit in RCC_AHB1ENR, base address (RM0090, 2.3), name; SxCR.EN is bit 0 (RM0090, 10.5.5).
  private static let streamControllers: [(bit: UInt32, base: UInt32, name: String)] = [
    (21, 0x4002_6000, "DMA1"), (22, 0x4002_6400, "DMA2"),
  ]
  private static let streamCount = 8
  /// RCC_APB1ENR and RCC_APB2ENR (RM0090, 6.3.13 and 6.3.14).
  private static let apb1ClockEnable: UInt32 = 0x4002_3840
  private static let apb2ClockEnable: UInt32 = 0x4002_3844
  /// WWDG_CR (RM0090, 22.6.1); WDGA is bit 7.
  private static let windowWatchdog: UInt32 = 0x4000_2C00
}
