import Basics

// How numbers read in results and messages.

extension String {
  /// The text at the right end of a column.
  func rightAligned(in width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count)) + self
  }
}

extension Int {
  /// So many of a thing: "1 sector", "1,200 sectors".
  func of(_ thing: String) -> String {
    self == 1 ? "1 \(thing)" : "\(grouped) \(thing)s"
  }
}

extension Duration {
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
