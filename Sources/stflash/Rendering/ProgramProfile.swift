import Basics
import Engine

/// Where a program was, by samples of its program counter.
struct ProgramProfile {
  /// The places, most frequent first.
  let rows: [ProgramCounterProfile.Row]
  /// How many samples there were.
  let count: Int

  /// How many places are printed.
  private static let shownCount = 10

  /// Takes a profile over.
  ///
  /// - Parameter name: the function that an address is in; nil where nobody knows.
  init(_ profile: ProgramCounterProfile, naming name: (UInt32) -> String?) {
    rows = profile.rows(naming: name)
    count = profile.sampleCount
  }

  /// The profile as text.
  var lines: [String] {
    guard count > 0 else { return ["no sample of the program counter came in"] }
    let rest = rows.dropFirst(Self.shownCount).reduce(0) { $0 + $1.count }
    return ["where the program was, in \(count.grouped) samples:"]
      + rows.prefix(Self.shownCount).map { row($0.name ?? "asleep", $0.count) }
      + (rest > 0 ? [row("elsewhere", rest)] : [])
  }

  private func row(_ name: String, _ part: Int) -> String {
    let tenths = (part * 1000 + count / 2) / count
    let share = "\(tenths / 10).\(tenths % 10) %"
    return "  " + String(repeating: " ", count: max(0, 7 - share.count)) + share + "  " + name
  }

  /// The profile as a JSON object; a place without a name is sleep.
  var value: JSONValue {
    .object([
      JSONMember("samples", .integer(count)),
      JSONMember(
        "places",
        .array(rows.map { .object([JSONMember("name", .optional($0.name)), JSONMember("count", .integer($0.count))]) })),
    ])
  }
}
