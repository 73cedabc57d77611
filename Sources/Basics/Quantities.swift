// How numbers with a unit read in messages and results: one way everywhere.

extension Int {
  /// A number of bytes with its unit, exact: MiB or KiB where it comes out even, else bytes in groups of three digits.
  package var byteSize: String {
    if self > 0 && isMultiple(of: 1_048_576) { return "\((self / 1_048_576).grouped) MiB" }
    if self > 0 && isMultiple(of: 1024) { return "\((self / 1024).grouped) KiB" }
    return inBytes
  }

  /// A number of bytes as it is counted, whatever its size: "1 byte", "16,580 bytes".
  package var inBytes: String { self == 1 ? "1 byte" : "\(grouped) bytes" }

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

  /// A frequency in kilohertz with its unit, exact, in megahertz from one on: "480 kHz", "1.8 MHz", "168 MHz".
  package var frequency: String {
    if self < 1000 { return "\(self) kHz" }
    return Int64(self).inThousands(unit: "MHz")
  }
}

extension Duration {
  /// The time in whole microseconds, rounded down.
  package var microseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
  }

  /// The seconds with a fixed number of decimal places, 0 to 6, rounded down.
  package func decimalSeconds(places: Int) -> String {
    let total = microseconds
    let digits = String(total.magnitude % 1_000_000)
    let fraction = (String(repeating: "0", count: 6 - digits.count) + digits).prefix(places)
    let sign = total < 0 ? "-" : ""
    return "\(sign)\(total.magnitude / 1_000_000)" + (places > 0 ? "." + fraction : "")
  }

  /// A measured or predicted time: "0.25 s", "16.01 s", "2 min 05 s"; below ten milliseconds in milliseconds.
  package var inWords: String {
    let total = microseconds
    if total < 10_000 { return "\(total / 1000).\(total / 100 % 10) ms" }
    if total < 100_000_000 { return decimalSeconds(places: 2) + " s" }
    let seconds = total / 1_000_000
    return "\(seconds / 60) min \(seconds % 60 < 10 ? "0" : "")\(seconds % 60) s"
  }

  /// A limit or a setting in the unit that suits it, exact to three decimals: "500 ms", "3 s", "1.25 s", "200 µs".
  package var wording: String {
    let microseconds = microseconds
    if microseconds < 1000 { return "\(microseconds) µs" }
    if microseconds < 1_000_000 { return microseconds.inThousands(unit: "ms") }
    return (microseconds / 1000).inThousands(unit: "s")
  }
}

extension Int64 {
  /// A number of thousandths in whole units, with as many decimals as are not zero.
  fileprivate func inThousands(unit: String) -> String {
    let (whole, rest) = quotientAndRemainder(dividingBy: 1000)
    if rest == 0 { return "\(whole) \(unit)" }
    var decimals = String(rest + 1000).dropFirst()
    while decimals.last == "0" { decimals.removeLast() }
    return "\(whole).\(decimals) \(unit)"
  }
}
