/// Counts the whole periods of a clock in the simulation's time, without drifting.
///
/// A clock of 0 Hz stands still.
struct PeriodCounter {
  /// The clock's frequency in hertz.
  private(set) var hertz: UInt64
  /// The time up to which periods have been taken, in nanoseconds.
  private var reference: UInt64 = 0
  /// What of a period had passed at the reference, in billionths of a period.
  private var fraction: UInt64 = 0

  private static let nanosecondsPerSecond: UInt64 = 1_000_000_000

  /// A counter whose first period begins at time 0.
  init(hertz: UInt64) {
    self.hertz = hertz
  }

  /// Takes the periods that have ended since the last call.
  mutating func take(until now: UInt64) -> UInt64 {
    guard now > reference else { return 0 }
    let (high, low) = (now - reference).multipliedFullWidth(by: hertz)
    let (sum, carry) = low.addingReportingOverflow(fraction)
    let (periods, rest) = Self.nanosecondsPerSecond.dividingFullWidth((high + (carry ? 1 : 0), sum))
    (reference, fraction) = (now, rest)
    return periods
  }

  /// Begins a period at a time, whatever of one had passed.
  mutating func restart(at now: UInt64) {
    (reference, fraction) = (now, 0)
  }

  /// The clock has stood still for so many nanoseconds.
  mutating func postpone(by nanoseconds: UInt64) {
    reference += nanoseconds
  }

  /// Changes the frequency; `take(until:)` has been called for the present.
  mutating func change(to hertz: UInt64) {
    self.hertz = hertz
  }

  /// The first nanosecond at which this many more periods have ended; nil while the clock stands still.
  func time(after periods: UInt64) -> UInt64? {
    guard hertz > 0 else { return nil }
    let (high, low) = periods.multipliedFullWidth(by: Self.nanosecondsPerSecond)
    let (rest, borrow) = low.subtractingReportingOverflow(min(fraction, high == 0 ? low : .max))
    guard high < hertz else { return nil }
    let (quotient, remainder) = hertz.dividingFullWidth((high - (borrow ? 1 : 0), rest))
    return reference + quotient + (remainder == 0 ? 0 : 1)
  }
}
