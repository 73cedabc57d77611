/// Reads a clock frequency: `1800k`, `4M`, and a bare number in kilohertz as st-flash takes it.
enum Frequency {
  /// The frequency in kilohertz, at least 1.
  static func kilohertz(_ text: String) throws(NumberError) -> Int {
    var digits = text[...]
    for unit in ["Hz", "hz"] where digits.hasSuffix(unit) { digits = digits.dropLast(unit.count) }
    var kilohertz = 1
    switch digits.last {
    case "k", "K": digits = digits.dropLast()
    case "M":
      digits = digits.dropLast()
      kilohertz = 1000
    default:
      if digits.count != text.count { throw NumberError(description: "in hertz; give kHz or MHz: 1800k, 4M") }
    }
    guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else {
      throw NumberError(description: "not a frequency; write 1800k or 4M (a bare number is in kHz)")
    }
    guard let value = Int(digits), value > 0, value <= 1_000_000 else {
      throw NumberError(description: "out of range; an SWD clock runs at a few kHz to some MHz")
    }
    return value * kilohertz
  }
}

/// Reads a voltage: `3.3`, `3.3V`, `3V3`, `3300mV`.
enum Voltage {
  /// The voltage in millivolts, 0 to 20,000.
  static func millivolts(_ text: String) throws(NumberError) -> Int {
    let wrong = NumberError(description: "not a voltage; write 3.3, 3.3V, 3V3 or 3300mV")
    let millivolts: Int?
    if text.lowercased().hasSuffix("mv") {
      millivolts = whole(text.dropLast(2))
    } else {
      let trimmed = text.lowercased().hasSuffix("v") ? text.dropLast() : text[...]
      let parts = trimmed.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "V" || $0 == "v" }
      guard parts.count <= 2, let volts = whole(parts[0]) else { throw wrong }
      guard parts.count == 2 else { return try limited(volts * 1000) }
      guard (1...3).contains(parts[1].count), let fraction = whole(parts[1]) else { throw wrong }
      let scale = [100, 10, 1][parts[1].count - 1]
      millivolts = volts * 1000 + fraction * scale
    }
    guard let millivolts else { throw wrong }
    return try limited(millivolts)
  }

  private static func whole(_ digits: Substring) -> Int? {
    guard !digits.isEmpty, digits.count <= 6, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    return Int(digits)
  }

  private static func limited(_ millivolts: Int) throws(NumberError) -> Int {
    guard millivolts <= 20_000 else { throw NumberError(description: "higher than any chip or probe bears") }
    return millivolts
  }
}
