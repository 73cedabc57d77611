/// Converts between the processor's clock cycles and the simulation's nanoseconds, without drifting.
///
/// The clock frequency may change at any time; cycles before the change keep their old length.
struct CycleTimeBase {
  /// The processor clock (HCLK) in hertz.
  private(set) var hertz: UInt64
  /// A cycle whose start time is known exactly.
  private var anchorCycle: UInt64 = 0
  /// The start of that cycle in nanoseconds, rounded down.
  private var anchorNanoseconds: UInt64 = 0
  /// What rounding took from `anchorNanoseconds`, in units of 1 ns / hertz.
  private var anchorRemainder: UInt64 = 0

  private static let nanosecondsPerSecond: UInt64 = 1_000_000_000
  /// Fewer cycles than this can be converted in 64 bits, whatever the remainder.
  private static let shortSpan: UInt64 = 1 << 33

  /// Cycle 0 starts at time 0.
  init(hertz: UInt64) {
    self.hertz = hertz
  }

  /// The time at which a cycle starts; the cycle is not before the last anchor.
  func nanoseconds(at cycle: UInt64) -> UInt64 {
    anchorNanoseconds + elapsed(to: cycle).quotient
  }

  /// The first cycle that does not start before a time.
  func cycle(at nanoseconds: UInt64) -> UInt64 {
    guard nanoseconds > anchorNanoseconds else { return anchorCycle }
    let (high, low) = (nanoseconds - anchorNanoseconds).multipliedFullWidth(by: hertz)
    let (adjusted, borrow) = low.subtractingReportingOverflow(anchorRemainder)
    let (quotient, remainder) = Self.nanosecondsPerSecond.dividingFullWidth((high - (borrow ? 1 : 0), adjusted))
    return anchorCycle + quotient + (remainder == 0 ? 0 : 1)
  }

  /// Moves the anchor to a cycle, which keeps later conversions within range.
  mutating func anchor(at cycle: UInt64) {
    let (quotient, remainder) = elapsed(to: cycle)
    anchorNanoseconds += quotient
    anchorRemainder = remainder
    anchorCycle = cycle
  }

  /// Changes the clock frequency from a cycle on.
  mutating func change(to hertz: UInt64, at cycle: UInt64) {
    anchor(at: cycle)
    // The fraction of a nanosecond that is left keeps its length in the new unit.
    anchorRemainder = anchorRemainder * hertz / self.hertz
    self.hertz = hertz
  }

  private func elapsed(to cycle: UInt64) -> (quotient: UInt64, remainder: UInt64) {
    let cycles = cycle - anchorCycle
    if cycles < Self.shortSpan {
      return (cycles * Self.nanosecondsPerSecond + anchorRemainder).quotientAndRemainder(dividingBy: hertz)
    }
    let (high, low) = cycles.multipliedFullWidth(by: Self.nanosecondsPerSecond)
    let (sum, carry) = low.addingReportingOverflow(anchorRemainder)
    return hertz.dividingFullWidth((high + (carry ? 1 : 0), sum))
  }
}
