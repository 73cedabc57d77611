import Engine

/// Two recordings side by side.
struct ComparisonResult: CommandResult {
  let comparison: SessionComparison
  /// The operations of both.
  let counts: [Int]

  let name = "comparison"
  let isConfirmation = false

  /// The differences after the parting that are shown as text.
  private static let shownCount = 10

  var members: [JSONMember] {
    [
      JSONMember("equal", .boolean(comparison.parting == nil)),
      JSONMember("operations", .array(counts.map(JSONValue.integer))),
      JSONMember("parting", .optional(comparison.parting.map { $0.index + 1 })),
      JSONMember("first", .optional(comparison.parting?.first?.text)),
      JSONMember("second", .optional(comparison.parting?.second?.text)),
      JSONMember("common", .integer(comparison.commonCount)),
      JSONMember(
        "excess",
        .array(
          comparison.excess.map {
            .object([JSONMember("text", .string($0.text)), JSONMember("count", .integer($0.count))])
          })),
    ]
  }

  var lines: [String] {
    guard let parting = comparison.parting else { return ["the recordings agree in all \(counts[0]) operations"] }
    let head = [
      "operations 1 to \(parting.index) agree", "operation \(parting.index + 1):",
      "- \(parting.first?.text ?? "the end")", "+ \(parting.second?.text ?? "the end")",
      "from there on \(comparison.rest.first) operations against \(comparison.rest.second), \(comparison.commonCount) of "
        + "them in both:",
    ]
    let shown = comparison.excess.prefix(ComparisonResult.shownCount).map { excess in
      "\(excess.count < 0 ? "-" : "+") \(abs(excess.count)) x \(excess.text)"
    }
    let hidden = comparison.excess.count - shown.count
    return head + shown + (hidden > 0 ? ["and \(hidden) other operations"] : [])
  }
}
