// How numbers with a unit read in messages and results: one way everywhere.

extension Int {
  /// A number of bytes with its unit, exact: MiB or KiB where it comes out even, else bytes in groups of three digits.
  package var byteSize: String {
    if self > 0 && isMultiple(of: 1_048_576) { return "\(self / 1_048_576) MiB" }
    if self > 0 && isMultiple(of: 1024) { return "\(self / 1024) KiB" }
    return self == 1 ? "1 byte" : "\(grouped) bytes"
  }

  /// The number in groups of three digits: "29,184".
  package var grouped: String {
    let digits = String(magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return self < 0 ? "-" + text : text
  }

  /// A voltage in millivolts, in volts with two places: "3.27 V".
  package var volts: String {
    let hundredths = (self + 5) / 10
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) V"
  }
}

extension Duration {
  /// The time in whole microseconds, rounded down.
  package var microseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
  }

  /// A limit or a setting in the unit that suits it, exact to three decimals: "500 ms", "3 s", "1.25 s", "200 µs".
  package var wording: String {
    let microseconds = microseconds
    if microseconds < 1000 { return "\(microseconds) µs" }
    if microseconds < 1_000_000 { return Duration.text(thousandths: microseconds, unit: "ms") }
    return Duration.text(thousandths: microseconds / 1000, unit: "s")
  }

  /// A number of thousandths in whole units, with as many decimals as are not zero.
  private static func text(thousandths: Int64, unit: String) -> String {
    let (whole, rest) = thousandths.quotientAndRemainder(dividingBy: 1000)
    if rest == 0 { return "\(whole) \(unit)" }
    var decimals = String(rest + 1000).dropFirst()
    while decimals.last == "0" { decimals.removeLast() }
    return "\(whole).\(decimals) \(unit)"
  }
}
