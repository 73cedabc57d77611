/// WWDG: counts down from T to 0x3F on PCLK1 / 4096; a reload outside the window resets too (RM0090, 22).
final class WindowWatchdog: Peripheral {
  let name = "WWDG"
  let registers = RegisterFile([
    RegisterDescription("CR", at: 0x00, reset: 0x7F, [RegisterField("T", 0...6), RegisterField("WDGA", 7, .readSet)]),
    RegisterDescription(
      "CFR", at: 0x04, reset: 0x7F,
      [RegisterField("W", 0...6), RegisterField("WDGTB", 7...8), RegisterField("EWI", 9, .readSet)]),
    RegisterDescription("SR", at: 0x08, [RegisterField("EWIF", 0, .writeZeroClears)]),
  ])
  /// The watchdog resets the chip.
  let ranOut = Signal<Void>()
  /// The early wake-up interrupt (line 0).
  let interrupt = Line()

  private static let cr: UInt32 = 0x00
  private static let cfr: UInt32 = 0x04
  private static let sr: UInt32 = 0x08

  private var clock = PeriodCounter(hertz: ClockTree.reset.apb1)
  /// The PCLK1 periods that have passed of the present count.
  private var phase: UInt64 = 0
  private var isFrozen = false

  private var isRunning: Bool { registers[Self.cr] & 1 << 7 != 0 }
  private var count: UInt32 { registers[Self.cr] & 0x7F }
  /// The length of one count in PCLK1 periods: 4096 × 2^WDGTB.
  private var step: UInt64 { 4096 << UInt64(registers[Self.cfr] >> 7 & 0b11) }

  var nextEvent: UInt64? {
    guard isRunning, !isFrozen else { return nil }
    // The early wake-up comes at 0x40, the reset one count later.
    let steps = UInt64(count > 0x40 ? count - 0x40 : 1)
    return clock.time(after: steps * step - min(phase, steps * step))
  }

  func advance(to now: UInt64) {
    let periods = clock.take(until: now)
    guard isRunning, !isFrozen else { return }
    phase += periods
    let steps = phase / step
    phase %= step
    guard steps > 0 else { return }
    if count > 0x40, steps >= UInt64(count - 0x40) { wakeUpEarly() }
    guard UInt64(count) >= 0x40 + steps else { return expire() }
    registers[Self.cr] -= UInt32(steps)
  }

  func clockChanged(to hertz: UInt64, now: UInt64) { clock.change(to: hertz) }

  func postpone(by nanoseconds: UInt64) { clock.postpone(by: nanoseconds) }

  func freeze(_ isFrozen: Bool, now: UInt64) {
    advance(to: now)
    self.isFrozen = isFrozen
  }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    switch offset {
    case Self.cr:
      let isEarly = old & 1 << 7 != 0 && old & 0x7F > registers[Self.cfr] & 0x7F
      phase = 0
      if isRunning, isEarly || count < 0x40 { expire() }
    case Self.sr: interrupt.drive(registers[Self.sr] & 1 != 0 && registers[Self.cfr] & 1 << 9 != 0)
    default: break
    }
  }

  func reset(now: UInt64) {
    registers.reset()
    clock.restart(at: now)
    phase = 0
    interrupt.drive(false)
  }

  private func wakeUpEarly() {
    registers[Self.sr] |= 1
    if registers[Self.cfr] & 1 << 9 != 0 { interrupt.drive(true) }
  }

  private func expire() {
    registers[Self.cr] = registers[Self.cr] & ~0xFF
    ranOut.send()
  }
}
