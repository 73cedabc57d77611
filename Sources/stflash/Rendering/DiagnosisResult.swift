import Engine

/// What a diagnosis comes to; its findings have been told by then.
struct DiagnosisResult: CommandResult {
  let report: DiagnosisReport
  /// Where the bundle for a bug report was written; nil where none was asked for.
  var bundle: String?

  let name = "diagnosis"
  let isConfirmation = false

  var members: [JSONMember] {
    [
      JSONMember("verdict", .string(report.verdict)),
      JSONMember("outcome", .string(report.decisive?.outcome.rawValue ?? DiagnosisFinding.Outcome.good.rawValue)),
      JSONMember("causes", .array((report.decisive?.causes ?? []).map(JSONReporter.value(of:)))),
      JSONMember("remedies", .strings(report.remedies.map(\.words))),
      JSONMember("report", .optional(bundle)),
    ]
  }

  /// The verdict; where something failed, the error that follows has the remedies.
  var lines: [String] {
    var lines = ["", "verdict: \(report.verdict)"]
    if report.failure == nil { lines += report.remedies.map { "try: \($0.words)" } }
    if let bundle { lines.append("everything for a bug report is in \(bundle)") }
    return lines
  }
}

extension DiagnosisFinding {
  /// The finding as a line: outcome, area, value.
  var line: String {
    "\(outcome.rawValue.padded(to: 9))\(area.rawValue.padded(to: 12))\(value)"
  }

  /// The finding as members of a JSON object.
  var members: [JSONMember] {
    [
      JSONMember("area", .string(area.rawValue)), JSONMember("outcome", .string(outcome.rawValue)),
      JSONMember("value", .string(value)), JSONMember("causes", .array(causes.map(JSONReporter.value(of:)))),
    ]
  }
}
