import Basics
import Engine

/// The figures of a recording.
struct StatisticsResult: CommandResult {
  let statistics: SessionStatistics

  let name = "statistics"
  let isConfirmation = false

  var members: [JSONMember] {
    [
      JSONMember("transfers", .integer(statistics.transferCount)),
      JSONMember("operations", .integer(statistics.operationCount)),
      JSONMember("sentBytes", .integer(statistics.sentByteCount)),
      JSONMember("receivedBytes", .integer(statistics.receivedByteCount)),
      JSONMember("seconds", .seconds(statistics.duration)), JSONMember("busySeconds", .seconds(statistics.busy)),
      JSONMember(
        "commands",
        .array(
          statistics.commands.map { figures in
            .object([
              JSONMember("command", .string(figures.name)), JSONMember("count", .integer(figures.count)),
              JSONMember("bytes", .integer(figures.byteCount)), JSONMember("seconds", .seconds(figures.time)),
              JSONMember("longestSeconds", .seconds(figures.longest)),
            ])
          })),
      JSONMember(
        "pauses",
        .array(
          statistics.gaps.map { gap in
            .object([JSONMember("after", .integer(gap.operation)), JSONMember("seconds", .seconds(gap.duration))])
          })),
      JSONMember(
        "slowest",
        .array(
          statistics.slowest.map { operation in
            .object([
              JSONMember("number", .integer(operation.number)), JSONMember("text", .string(operation.text)),
              JSONMember("seconds", operation.duration.map { .seconds($0) } ?? .null),
            ])
          })),
    ]
  }

  var lines: [String] {
    let cable = statistics.duration > .zero ? " (something on the cable for \(statistics.busy.inWords))" : ""
    let head = [
      "\(statistics.operationCount.grouped) operations, \(statistics.transferCount.grouped) transfers, "
        + "\(statistics.sentByteCount.inBytes) out, \(statistics.receivedByteCount.grouped) in, "
        + "\(statistics.duration.inWords)\(cable)",
      "",
    ]
    let rows = statistics.commands.map { figures in
      [
        figures.name, figures.count.grouped, figures.byteCount.grouped, milliseconds(figures.time),
        milliseconds(figures.time / figures.count), milliseconds(figures.longest),
      ]
    }
    let table = Table(rows: [["command", "count", "bytes", "total ms", "mean ms", "longest ms"]] + rows).lines
    let pauses = statistics.gaps.map { "\($0.duration.wording) after operation \($0.operation)" }
    let slowest = statistics.slowest.map {
      "\(($0.duration ?? .zero).wording): operation \($0.number), \($0.text)"
    }
    return head + table + section("longest pauses", pauses) + section("slowest operations", slowest)
  }

  private func section(_ title: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : ["", title] + lines.map { "  \($0)" }
  }

  private func milliseconds(_ duration: Duration) -> String {
    (duration * 1000).decimalSeconds(places: 3)
  }
}
