/// A length of simulated time on the command line: "2", "2s", "1.5s", "500ms".
enum SimulatedTime {
  /// The time, at the most an hour.
  static func duration(_ text: String) throws(NumberError) -> Duration {
    let wrong = NumberError(description: "not a time; write 2s, 1.5s or 500ms")
    let lower = text.lowercased()
    if lower.hasSuffix("ms") {
      guard let milliseconds = whole(lower.dropLast(2)) else { throw wrong }
      return try limited(.milliseconds(milliseconds))
    }
    let digits = lower.hasSuffix("s") ? lower.dropLast() : lower[...]
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let seconds = whole(parts[0]) else { throw wrong }
    guard parts.count == 2 else { return try limited(.seconds(seconds)) }
    guard (1...3).contains(parts[1].count), let fraction = whole(parts[1]) else { throw wrong }
    let scale = [100, 10, 1][parts[1].count - 1]
    return try limited(.milliseconds(seconds * 1000 + fraction * scale))
  }

  private static func whole(_ digits: Substring) -> Int? {
    guard !digits.isEmpty, digits.count <= 7, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    return Int(digits)
  }

  private static func limited(_ duration: Duration) throws(NumberError) -> Duration {
    guard duration <= .seconds(3600) else { throw NumberError(description: "longer than an hour") }
    return duration
  }
}
