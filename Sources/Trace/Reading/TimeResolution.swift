/// How long a unit of a capture's time stamps is.
struct TimeResolution {
  let unitsPerSecond: UInt64

  static let microseconds = TimeResolution(unitsPerSecond: 1_000_000)
  static let nanoseconds = TimeResolution(unitsPerSecond: 1_000_000_000)

  init(unitsPerSecond: UInt64) {
    self.unitsPerSecond = unitsPerSecond
  }

  /// Reads pcapng's if_tsresol: the negative exponent of ten or, with bit 7 set, of two; nil beyond 64 bits.
  init?(pcapng code: UInt8) {
    let exponent = code & 0x7F
    if code & 0x80 != 0 {
      guard exponent < 64 else { return nil }
      unitsPerSecond = 1 << UInt64(exponent)
    } else {
      guard exponent <= 19 else { return nil }
      unitsPerSecond = (0..<exponent).reduce(1) { value, _ in value * 10 }
    }
  }

  /// A number of units as a duration, cut to nanoseconds.
  func duration(of units: UInt64) -> Duration {
    let (seconds, rest) = units.quotientAndRemainder(dividingBy: unitsPerSecond)
    // The remainder is below the divisor, so that the quotient is below 10^9 and cannot overflow.
    let nanoseconds = unitsPerSecond.dividingFullWidth(rest.multipliedFullWidth(by: 1_000_000_000)).quotient
    return .seconds(Int64(clamping: seconds)) + .nanoseconds(Int64(nanoseconds))
  }
}
