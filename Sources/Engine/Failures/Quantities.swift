// How measured quantities read in messages.

extension Duration {
  /// A duration in the unit that suits it: "500 ms", "3 s", "1.25 s", "200 µs".
  var wording: String {
    let (seconds, attoseconds) = components
    let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    if microseconds < 1000 { return "\(microseconds) µs" }
    if microseconds < 1_000_000 { return Quantity.text(thousandths: microseconds, unit: "ms") }
    return Quantity.text(thousandths: microseconds / 1000, unit: "s")
  }
}

/// Numbers with a unit.
enum Quantity {
  /// A voltage: "3.24 V".
  static func volts(millivolts: Int) -> String {
    let hundredths = (millivolts + 5) / 10
    return "\(hundredths / 100).\(twoDigits(hundredths % 100)) V"
  }

  /// A number of thousandths in whole units, with as many decimals as are not zero.
  static func text(thousandths: Int64, unit: String) -> String {
    let (whole, rest) = thousandths.quotientAndRemainder(dividingBy: 1000)
    if rest == 0 { return "\(whole) \(unit)" }
    var decimals = String(rest + 1000).dropFirst()
    while decimals.last == "0" { decimals.removeLast() }
    return "\(whole).\(decimals) \(unit)"
  }

  private static func twoDigits(_ value: Int) -> String {
    value < 10 ? "0\(value)" : "\(value)"
  }
}
