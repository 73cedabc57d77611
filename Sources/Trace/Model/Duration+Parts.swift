extension Duration {
  /// Whole seconds and the nanoseconds beyond them, never negative; times before the origin count as the origin.
  var wholeSecondsAndNanoseconds: (seconds: Int64, nanoseconds: Int64) {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return (0, 0) }
    return (seconds, attoseconds / 1_000_000_000)
  }

  /// Nanoseconds, at most as many as 63 bits hold, never negative.
  var wholeNanoseconds: Int64 {
    let (seconds, nanoseconds) = wholeSecondsAndNanoseconds
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = scaled.addingReportingOverflow(nanoseconds)
    return overflow || carry ? Int64.max : sum
  }
}
