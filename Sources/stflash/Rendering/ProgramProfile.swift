import Basics

/// Where a program was, by samples of its program counter.
struct ProgramProfile {
  /// A place and how often the program was there.
  struct Place {
    /// The address, or the function where its name is known.
    let name: String
    /// How many samples.
    let count: Int
  }

  /// The places, most frequent first.
  let places: [Place]
  /// How many samples found the core asleep.
  let sleepCount: Int
  /// How many samples there were.
  let count: Int

  /// How many places are printed.
  private static let shownCount = 10

  /// Makes a profile.
  ///
  /// - Parameter name: the function that an address is in; nil where nobody knows.
  init(_ samples: [UInt32: Int], sleepCount: Int, name: (UInt32) -> String? = { _ in nil }) {
    var counts: [String: Int] = [:]
    for (address, count) in samples { counts[name(address) ?? address.hexadecimal, default: 0] += count }
    places = counts.map { Place(name: $0.key, count: $0.value) }
      .sorted { $0.count == $1.count ? $0.name < $1.name : $0.count > $1.count }
    self.sleepCount = sleepCount
    count = samples.values.reduce(sleepCount, +)
  }

  /// The profile as text.
  var lines: [String] {
    guard count > 0 else { return ["no sample of the program counter came in"] }
    let rest = places.dropFirst(Self.shownCount).reduce(0) { $0 + $1.count }
    return ["where the program was, in \(count.grouped) samples:"]
      + (sleepCount > 0 ? [row("asleep", sleepCount)] : [])
      + places.prefix(Self.shownCount).map { row($0.name, $0.count) } + (rest > 0 ? [row("elsewhere", rest)] : [])
  }

  private func row(_ name: String, _ part: Int) -> String {
    let tenths = (part * 1000 + count / 2) / count
    let share = "\(tenths / 10).\(tenths % 10) %"
    return "  " + String(repeating: " ", count: max(0, 7 - share.count)) + share + "  " + name
  }

  /// The profile as a JSON object.
  var value: JSONValue {
    .object([
      JSONMember("samples", .integer(count)), JSONMember("asleep", .integer(sleepCount)),
      JSONMember(
        "places",
        .array(
          places.map { .object([JSONMember("name", .string($0.name)), JSONMember("count", .integer($0.count))]) })),
    ])
  }
}
