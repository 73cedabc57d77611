// How numbers read in results and messages.

extension UInt32 {
  /// An address or a register's word: "0x0800_4000".
  var hexadecimal: String {
    let digits = String(self, radix: 16, uppercase: true)
    let padded = String(repeating: "0", count: 8 - digits.count) + digits
    return "0x\(padded.prefix(4))_\(padded.suffix(4))"
  }
}

extension [UInt8] {
  /// Two digits a byte, nothing between, in lower case as captures show them.
  var hexadecimalDigits: String {
    map { ($0 < 0x10 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

extension String {
  /// The text at the right end of a column.
  func rightAligned(in width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count)) + self
  }
}

extension Int {
  /// A number of bytes with its unit, exact: MiB or KiB where it comes out even, else bytes in groups of three.
  var byteSize: String {
    if self > 0 && isMultiple(of: 1_048_576) { return "\(self / 1_048_576) MiB" }
    if self > 0 && isMultiple(of: 1024) { return "\(self / 1024) KiB" }
    return self == 1 ? "1 byte" : "\(grouped) bytes"
  }

  /// The number in groups of three digits: "29,184".
  var grouped: String {
    let digits = String(magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return self < 0 ? "-" + text : text
  }

  /// So many of a thing: "1 sector", "1,200 sectors".
  func of(_ thing: String) -> String {
    self == 1 ? "1 \(thing)" : "\(grouped) \(thing)s"
  }

  /// A voltage in millivolts, in volts with two places: "3.27 V".
  var volts: String {
    let hundredths = (self + 5) / 10
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) V"
  }
}

extension Duration {
  /// The time in whole microseconds, rounded down.
  var microseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
  }

  /// The seconds with a fixed number of decimal places, 0 to 6, rounded down.
  func decimalSeconds(places: Int) -> String {
    let total = microseconds
    let digits = String(total.magnitude % 1_000_000)
    let fraction = (String(repeating: "0", count: 6 - digits.count) + digits).prefix(places)
    let sign = total < 0 ? "-" : ""
    return "\(sign)\(total.magnitude / 1_000_000)" + (places > 0 ? "." + fraction : "")
  }

  /// A length of time for people: "0.25 s", "16.01 s", "2 min 05 s"; below ten milliseconds in milliseconds.
  var inWords: String {
    let total = microseconds
    if total < 10_000 { return "\(total / 1000).\(total / 100 % 10) ms" }
    if total < 100_000_000 { return decimalSeconds(places: 2) + " s" }
    let seconds = total / 1_000_000
    return "\(seconds / 60) min \(seconds % 60 < 10 ? "0" : "")\(seconds % 60) s"
  }

  /// The rate at which bytes were moved in this time: "65.3 KiB/s"; nil where no time passed.
  func throughput(ofBytes byteCount: Int) -> String? {
    guard let tenths = kibibyteTenthsPerSecond(ofBytes: byteCount) else { return nil }
    return "\(tenths / 10).\(tenths % 10) KiB/s"
  }

  private func kibibyteTenthsPerSecond(ofBytes byteCount: Int) -> Int? {
    let total = microseconds
    guard total > 0, byteCount > 0 else { return nil }
    return Int((Int64(byteCount) * 10_000_000 / 1024 + total / 2) / total)
  }
}
