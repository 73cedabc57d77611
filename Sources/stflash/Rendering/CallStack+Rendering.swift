import Basics
import Engine

extension CallStack {
  /// One function of the source that runs or waits: several of a frame where the compiler has put functions into others.
  struct Entry {
    /// Where it is, or goes on.
    let address: UInt32
    /// What it is called; nil where nobody knows.
    let name: String?
    /// The line of source; nil where the file does not say it.
    let line: SourceLine?
    /// Whether it has no frame of its own.
    let isInlined: Bool
    /// Whether nothing but the link register, or what looks like it, says so.
    let isGuess: Bool
    /// The exception that has interrupted it; nil for a call.
    let exception: String?

    /// The entry as a JSON object.
    var value: JSONValue {
      .object([
        JSONMember("address", .integer(Int(address))), JSONMember("function", .optional(name)),
        JSONMember("file", .optional(line?.file)), JSONMember("line", .optional(line?.line)),
        JSONMember("inlined", .boolean(isInlined)), JSONMember("guess", .boolean(isGuess)),
        JSONMember("interruptedBy", .optional(exception)),
      ])
    }
  }

  /// Every function that runs or waits, the running one first.
  func entries(_ symbols: ProgramSymbols) -> [Entry] {
    frames.flatMap { frame -> [Entry] in
      // A call may be the last instruction of its line.
      let isReturn = if case .caller = frame.origin { true } else { false }
      let exception: String? =
        if case .interrupted(let by, _) = frame.origin { by?.description ?? "an exception" } else { nil }
      let functions = symbols.functions(at: isReturn ? frame.programCounter &- 1 : frame.programCounter)
      guard !functions.isEmpty else {
        return [
          Entry(
            address: frame.programCounter, name: frame.symbol?.name, line: frame.location, isInlined: false,
            isGuess: frame.isGuess, exception: exception)
        ]
      }
      return functions.enumerated().map { index, function in
        Entry(
          address: frame.programCounter, name: function.name ?? function.linkageName ?? frame.symbol?.name,
          line: function.location, isInlined: function.isInlined, isGuess: frame.isGuess,
          exception: index == 0 ? exception : nil)
      }
    }
  }

  /// The call stack as text.
  func lines(_ symbols: ProgramSymbols) -> [String] {
    let entries = entries(symbols)
    guard !entries.isEmpty else { return [] }
    let rows = entries.enumerated().map { index, entry in
      (entry.exception.map { ["  -- interrupted by \($0) --"] } ?? []) + [
        "  #\(index)".padded(to: 5) + "\(entry.address.hexadecimal) \(entry.name ?? "?")"
          + (entry.isInlined ? " (inlined)" : "") + (entry.line.map { " at \($0)" } ?? "")
          + (entry.isGuess ? " (a guess)" : "")
      ]
    }
    let reason: [String] = if case .outermost = end { [] } else { ["  (\(end))"] }
    return ["call stack:"] + rows.flatMap(\.self) + reason
  }
}
