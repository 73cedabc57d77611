/// The clocks that RCC makes of its oscillators, in hertz (RM0033 5.2, RM0090 6.2 and 7.2, RM0390 6.2).
struct ClockTree: Equatable, Sendable {
  /// SYSCLK.
  var system: UInt64
  /// HCLK: core, memories, AHB peripherals.
  var ahb: UInt64
  /// PCLK1.
  var apb1: UInt64
  /// PCLK2.
  var apb2: UInt64
  /// The timers on APB1.
  var apb1Timers: UInt64
  /// The timers on APB2.
  var apb2Timers: UInt64
  /// The Q output of the main PLL for USB, SDIO and RNG, which want 48 MHz; 0 without the PLL.
  var usb: UInt64
  /// The clock of RTC, as BDCR.RTCSEL chooses it; 0 without one.
  var realTimeClock: UInt64

  /// The tree after every reset: everything from the internal oscillator.
  static let reset = ClockTree(
    system: Oscillator.internalHertz, ahb: Oscillator.internalHertz, apb1: Oscillator.internalHertz,
    apb2: Oscillator.internalHertz, apb1Timers: Oscillator.internalHertz, apb2Timers: Oscillator.internalHertz, usb: 0,
    realTimeClock: 0)

  /// Which of the clocks a peripheral runs on.
  enum Branch: Sendable {
    case ahb, apb1, apb2, apb1Timers, apb2Timers, usb, realTimeClock
  }

  /// One of the clocks.
  subscript(branch: Branch) -> UInt64 {
    switch branch {
    case .ahb: ahb
    case .apb1: apb1
    case .apb2: apb2
    case .apb1Timers: apb1Timers
    case .apb2Timers: apb2Timers
    case .usb: usb
    case .realTimeClock: realTimeClock
    }
  }
}
