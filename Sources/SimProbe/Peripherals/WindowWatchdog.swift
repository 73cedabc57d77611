/// WWDG: counts down from T to 0x3F on the APB1 clock; a reload outside the window resets too (RM0090, 22).
///
/// The APB1 clock is taken as the 16 MHz after reset; firmware that changes its prescaler sees other times on silicon.
final class WindowWatchdog: Watchdog {
  let name = "WWDG"
  var registers = RegisterFile([
    RegisterDescription("CR", at: 0x00, reset: 0x7F, [RegisterField("T", 0...6), RegisterField("WDGA", 7, .readSet)]),
    RegisterDescription(
      "CFR", at: 0x04, reset: 0x7F,
      [RegisterField("W", 0...6), RegisterField("WDGTB", 7...8), RegisterField("EWI", 9, .readSet)]),
    RegisterDescription("SR", at: 0x08, [RegisterField("EWIF", 0, .writeZeroClears)]),
  ])

  private static let clockHertz: UInt64 = 16_000_000

  private var hasViolatedWindow = false
  private var elapsed: UInt64 = 0
  private var countedTo: UInt64 = 0

  private var isRunning: Bool { registers[0x00] & 1 << 7 != 0 }

  /// The length of one count: 4096 × 2^WDGTB / PCLK1.
  private var step: UInt64 {
    UInt64(4096) << UInt64(registers[0x04] >> 7 & 0b11) * 1_000_000_000 / Self.clockHertz
  }

  /// The counter as it stands now.
  private var count: UInt32 {
    let start = registers[0x00] & 0x7F
    return start - min(start, UInt32(clamping: elapsed / step))
  }

  var nanosecondsLeft: UInt64? {
    guard isRunning else { return nil }
    guard registers[0x00] & 0x40 != 0, !hasViolatedWindow else { return 0 }
    let timeout = UInt64(registers[0x00] & 0x3F + 1) * step
    return timeout - min(timeout, elapsed)
  }

  func advance(to now: UInt64, frozen: Bool) -> Bool {
    guard isRunning else { return false }
    if now > countedTo {
      if !frozen { elapsed += now - countedTo }
      countedTo = now
    }
    return nanosecondsLeft == 0
  }

  func prepareRead(_ offset: UInt32, now: UInt64) {
    guard offset == 0x00, isRunning else { return }
    let wasCounting = registers[0x00]
    registers[0x00] = wasCounting & ~0x7F | count
    elapsed %= step
  }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    guard offset == 0x00 else { return }
    if old & 1 << 7 != 0 {
      let counted = old & 0x7F - min(old & 0x7F, UInt32(clamping: elapsed / step))
      if counted > registers[0x04] & 0x7F { hasViolatedWindow = true }
    }
    (elapsed, countedTo) = (0, now)
  }

  func reset(now: UInt64) {
    registers.reset()
    (hasViolatedWindow, elapsed, countedTo) = (false, 0, now)
  }
}
