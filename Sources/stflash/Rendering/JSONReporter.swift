import Engine
import Failures
import SimProbe

/// Writes one JSON object a line on stdout; `docs/json-events.md` describes them.
final class JSONReporter: Reporter, Sendable {
  private let output: any TextSink

  /// Makes a reporter.
  init(output: any TextSink) {
    self.output = output
  }

  func report(_ event: OutputEvent) {
    switch event {
    case .link(let facts): write(facts.name, facts.members)
    case .target(let facts): write("target", facts.members)
    case .flash(let event): reportWork(event)
    case .serial(let line), .serialOutput(let line):
      write("serial", [JSONMember("port", .string(line.port)), JSONMember("text", .string(line.text))])
    case .line(let line): write("output", line.members)
    case .exception(let number, let event, let time):
      write(
        "exception",
        [
          JSONMember("number", .integer(number)), JSONMember("name", .string(ITMPacket.exceptionName(number))),
          JSONMember("step", .string(event.name)), JSONMember("chipSeconds", time.map { .seconds($0) } ?? .null),
        ])
    case .plainOutput(let output): write("output", OutputLine(output.source, output.bytes, at: .zero).members)
    case .warning(let text): write("warning", [JSONMember("message", .string(text))])
    case .note(let text): write("note", [JSONMember("message", .string(text))])
    case .transfer(let text): write("transfer", [JSONMember("message", .string(text))])
    case .unmodelled(let access): write("unmodelled", access.members)
    case .work(let work): write("work", work.members)
    case .finding(let finding): write("finding", finding.members)
    case .heading: break
    case .result(let result): write(result.name, result.members)
    case .closed(let statement): write("closed", members(of: statement))
    case .failure(let report): write("error", members(of: report))
    case .end(let status):
      write(
        "end", [JSONMember("exitCode", .integer(Int(status.rawValue))), JSONMember("status", .string(status.name))])
    }
  }

  private func reportWork(_ event: FlashEvent) {
    switch event {
    case .phaseStarted(let phase, let total):
      write("phaseStarted", [JSONMember("phase", .string(phase.rawValue)), JSONMember("totalBytes", .integer(total))])
    case .progress(let phase, let done, let total):
      write(
        "progress",
        [
          JSONMember("phase", .string(phase.rawValue)), JSONMember("doneBytes", .integer(done)),
          JSONMember("totalBytes", .integer(total)),
        ])
    case .phaseFinished(let phase, let duration):
      write("phaseFinished", [JSONMember("phase", .string(phase.rawValue)), JSONMember("seconds", .seconds(duration))])
    case .sectorErased(let sector, let duration):
      write(
        "sectorErased",
        [
          JSONMember("sector", .integer(sector.number)), JSONMember("address", .integer(Int(sector.range.lowerBound))),
          JSONMember("bytes", .integer(sector.byteCount)), JSONMember("seconds", .seconds(duration)),
        ])
    case .banksErased(let banks, let duration):
      write(
        "banksErased",
        [JSONMember("banks", .array(banks.map(JSONValue.integer))), JSONMember("seconds", .seconds(duration))])
    case .warning(let advice): report(.warning(advice.words))
    case .note(let advice): report(.note(advice.words))
    }
  }

  private func members(of statement: ClosingStatement) -> [JSONMember] {
    [
      JSONMember("core", .optional(statement.core?.description)),
      JSONMember("condition", .optional(statement.condition)), JSONMember("wasReset", .boolean(statement.wasReset)),
      JSONMember("reason", .optional(statement.reason)),
      JSONMember("problems", .strings(statement.problems)),
    ]
  }

  private func members(of report: FailureReport) -> [JSONMember] {
    [
      JSONMember("category", .string(report.category.rawValue)),
      JSONMember("exitCode", .integer(Int(ExitStatus(report.category).rawValue))),
      JSONMember("summary", .string(report.summary)), JSONMember("evidence", .strings(report.evidence)),
      JSONMember("causes", .array(report.causes.map(JSONReporter.value(of:)))),
      JSONMember("remedies", .strings(report.remedies.map(\.words))),
    ]
  }

  /// A cause: its stable name, its words, and the measurement that decides.
  static func value(of cause: FailureCause) -> JSONValue {
    .object([
      JSONMember("id", .string(cause.rawValue)), JSONMember("title", .string(cause.title)),
      JSONMember("check", .optional(cause.check)),
    ])
  }

  private func write(_ name: String, _ members: [JSONMember]) {
    output.write(JSONValue.object([JSONMember("event", .string(name))] + members).text + "\n")
  }
}
