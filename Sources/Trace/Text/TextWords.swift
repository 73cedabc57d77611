import Basics

/// The words of a line of a text recording that have not been looked at yet.
struct TextWords {
  var rest: ArraySlice<Substring>
  let line: Int
  /// How many bytes repetitions may still stand for.
  var repeatable: Int

  /// The next word.
  mutating func next(_ expected: String) throws(TraceError) -> Substring {
    guard let word = rest.popFirst() else {
      throw TraceError(.syntax(expected: expected, found: "the end of the line"), at: .line(line))
    }
    return word
  }

  /// The next word if it is this one.
  mutating func take(_ word: String) -> Bool {
    guard let first = rest.first, first == word else { return false }
    rest.removeFirst()
    return true
  }

  func error(_ expected: String, _ found: some StringProtocol) -> TraceError {
    TraceError(.syntax(expected: expected, found: String(found.prefix(40))), at: .line(line))
  }

  mutating func number<T: FixedWidthInteger>(_ expected: String, radix: Int = 10) throws(TraceError) -> T {
    let word = try next(expected)
    guard let value = T(word, radix: radix) else { throw error(expected, word) }
    return value
  }

  mutating func bytes() throws(TraceError) -> [UInt8] {
    let expected = "hexadecimal digits in pairs, or \"-\""
    let word = try next(expected)
    if word == TextForm.none { return [] }
    var bytes: [UInt8] = []
    for part in word.split(separator: TextForm.partSeparator, omittingEmptySubsequences: false) {
      let pieces = part.split(separator: TextForm.repetition, omittingEmptySubsequences: false)
      guard pieces.count <= 2, let digits = Hexadecimal.bytes(pieces[0]), !digits.isEmpty else {
        throw error(expected, word)
      }
      guard pieces.count == 2 else {
        bytes += digits
        continue
      }
      guard digits.count == 1, let count = Int(pieces[1]), count >= 1, count <= repeatable else {
        throw error(expected, word)
      }
      repeatable -= count
      bytes += [UInt8](repeating: digits[0], count: count)
    }
    return bytes
  }

  /// Seconds with at most nine digits behind the point; nil for a time that is not known.
  mutating func time() throws(TraceError) -> Duration? {
    let expected = "a time in seconds, or \"-\""
    let word = try next(expected)
    if word == TextForm.none { return nil }
    let parts = word.split(separator: ".", omittingEmptySubsequences: false)
    let fraction = parts.count > 1 ? parts[1] : "0"
    guard parts.count <= 2, let seconds = Int64(parts[0]), parts[0].allSatisfy(\.isNumber),
      (1...9).contains(fraction.utf8.count),
      let digits = UInt32(fraction)
    else { throw error(expected, word) }
    let scale = (fraction.utf8.count..<9).reduce(1 as Int64) { value, _ in value * 10 }
    return .seconds(seconds) + .nanoseconds(Int64(digits) * scale)
  }
}
