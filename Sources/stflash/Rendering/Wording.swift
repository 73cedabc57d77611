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
  /// The rate at which bytes were moved in this time: "65.3 KiB/s"; nil where no time passed.
  func throughput(ofBytes byteCount: Int) -> String? {
    guard let tenths = kibibyteTenthsPerSecond(ofBytes: byteCount) else { return nil }
    return "\((tenths / 10).grouped).\(tenths % 10) KiB/s"
  }

  private func kibibyteTenthsPerSecond(ofBytes byteCount: Int) -> Int? {
    let total = microseconds
    guard total > 0, byteCount > 0 else { return nil }
    return Int((Int64(byteCount) * 10_000_000 / 1024 + total / 2) / total)
  }
}
