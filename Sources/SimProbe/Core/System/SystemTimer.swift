/// SysTick: a 24-bit down counter (ARMv7-M, B3.3).
///
/// It is kept as a count at a known cycle and computed when somebody looks; it stands still while the core is halted.
struct SystemTimer {
  /// SYST_CALIB.
  let calibration: UInt32
  /// SYST_CSR bits 2:0: ENABLE, TICKINT, CLKSOURCE.
  private var control: UInt32 = 0
  /// COUNTFLAG: the counter reached zero since the last read.
  private var hasCounted = false
  /// SYST_RVR.
  private var reload: UInt32 = 0
  /// SYST_CVR at `reference`.
  private var current: UInt32 = 0
  /// The executed cycle at which `current` was right, rounded to a tick of the timer.
  private var reference: UInt64 = 0

  /// COUNTFLAG in SYST_CSR.
  static let countFlag: UInt32 = 1 << 16

  private static let mask: UInt32 = 0x00FF_FFFF
  /// The external reference clock is HCLK / 8 (PM0214, 4.5).
  private static let externalDivider: UInt64 = 8

  /// A timer in its reset state.
  init(calibration: UInt32) {
    self.calibration = calibration
  }

  private var isEnabled: Bool { control & 1 != 0 }
  private var raisesException: Bool { control & 2 != 0 }
  private var cyclesPerTick: UInt64 { control & 4 != 0 ? 1 : Self.externalDivider }

  /// Brings the counter to a cycle; returns whether an exception becomes pending.
  mutating func advance(to cycle: UInt64) -> Bool {
    guard isEnabled else {
      reference = cycle
      return false
    }
    let ticks = (cycle - reference) / cyclesPerTick
    reference += ticks * cyclesPerTick
    return count(ticks)
  }

  /// The cycle at which the next exception becomes pending, if one will.
  var nextException: UInt64? {
    raisesException ? nextZero : nil
  }

  /// The cycle at which the counter next goes from one to zero, which sets COUNTFLAG; nil while it never does.
  var nextZero: UInt64? {
    guard isEnabled, let ticks = ticksToZero else { return nil }
    return reference + ticks * cyclesPerTick
  }

  /// Reads the word at an offset from 0xE000_E010; `advance(to:)` has been called.
  mutating func read(_ offset: UInt32) -> UInt32 {
    switch offset {
    case 0x0:
      defer { hasCounted = false }
      return control | (hasCounted ? Self.countFlag : 0)
    case 0x4: return reload
    case 0x8: return current
    case 0xC: return calibration
    default: return 0
    }
  }

  /// Writes the word at an offset; `advance(to:)` has been called.
  mutating func write(_ offset: UInt32, _ value: UInt32) {
    switch offset {
    case 0x0: control = value & 0x7
    case 0x4: reload = value & Self.mask
    case 0x8:
      current = 0
      hasCounted = false
    default: break
    }
  }

  /// Resets the timer at a cycle.
  mutating func reset(at cycle: UInt64) {
    self = SystemTimer(calibration: calibration)
    reference = cycle
  }

  /// Skips cycles in which the counter stood still.
  mutating func skip(to cycle: UInt64) {
    reference = cycle
  }

  /// Ticks until the counter goes from one to zero; nil when it stays at zero.
  private var ticksToZero: UInt64? {
    if current != 0 { return UInt64(current) }
    return reload == 0 ? nil : UInt64(reload) + 1
  }

  private mutating func count(_ ticks: UInt64) -> Bool {
    guard ticks > 0, let first = ticksToZero else { return false }
    guard ticks >= first else {
      // From zero the first tick loads the reload value.
      current = current != 0 ? current - UInt32(ticks) : reload - UInt32(ticks - 1)
      return false
    }
    hasCounted = true
    let rest = reload == 0 ? 0 : (ticks - first) % (UInt64(reload) + 1)
    current = rest == 0 ? 0 : reload - UInt32(rest - 1)
    return raisesException
  }
}
