/// The SWD clocks that the firmware can make, in kHz (docs/simulated-probe.md, "Clocks").
enum ProbeClocks {
  /// The clock after power-up of a V2: divisor 1.
  static let defaultDivisor: UInt16 = 1

  /// The clock after power-up of a V3 in kHz.
  static let defaultKilohertz: UInt32 = 3300

  /// Divisor and kHz of SWD_SET_FREQ.
  ///
  /// Where the hosts' tables differ, the one of OpenOCD and stlink stands here.
  static let swdDivisors: [UInt16: UInt32] = [
    0: 4000, 1: 1800, 2: 1200, 3: 950, 5: 650, 7: 480, 9: 400, 10: 360, 15: 240, 25: 150, 31: 125, 40: 100, 79: 50,
    158: 25, 265: 15, 798: 5,
  ]

  /// The clock that a divisor makes.
  ///
  /// The number is a delay count: a divisor that no host's table has follows 72 MHz / (20 x (divisor + 1)).
  static func kilohertz(divisor: UInt16) -> UInt32 {
    swdDivisors[divisor] ?? max(1, 3600 / (UInt32(divisor) + 1))
  }

  /// The clocks of a V3 in kHz by the prescaler of SWITCH_STLINK_FREQ, fastest first.
  static let listByPrescaler: [UInt8: [UInt32]] = [
    1: [24_000, 8000, 3300, 1000, 200, 50, 5],
    2: [12_000, 4000, 1600, 1000, 200, 50],
    4: [6000, 2000, 850, 520, 200, 50],
  ]

  /// The fastest clock of a list that is not above a wish; the slowest where all are.
  static func choose(_ wish: UInt32, from list: [UInt32]) -> UInt32 {
    list.filter { $0 <= wish }.max() ?? list.min() ?? wish
  }
}
