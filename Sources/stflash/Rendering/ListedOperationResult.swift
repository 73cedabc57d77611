import Basics
import Engine

/// One line of a shown recording.
struct ListedOperationResult: CommandResult {
  let operation: ListedOperation
  let showsTimes: Bool
  let showsData: Bool

  let isConfirmation = false

  var name: String {
    if case .single = operation { "operation" } else { "repeated" }
  }

  var members: [JSONMember] {
    switch operation {
    case .single(let operation): operation.members(showsData: showsData)
    case .repeated(let period, let count, let end):
      [
        JSONMember("operations", .integer(period)), JSONMember("count", .integer(count)),
        JSONMember("end", end.map { .seconds($0) } ?? .null),
      ]
    }
  }

  var lines: [String] {
    switch operation {
    case .single(let operation):
      let head = showsTimes ? "\(String(operation.number).rightAligned(in: 6)) \(time(operation.start))  " : ""
      return [head + operation.text] + (showsData ? operation.dataLines.map { indentation + $0 } : [])
    case .repeated(let period, let count, let end):
      let what = period == 1 ? "again" : "the last \(period) again"
      let until = showsTimes ? end.map { ", until \($0.decimalSeconds(places: 6))" } ?? "" : ""
      return [indentation + "... \(what), \(count) times\(until)"]
    }
  }

  private var indentation: String { showsTimes ? String(repeating: " ", count: 21) : "  " }

  /// Seconds in a column of their own.
  private func time(_ time: Duration?) -> String {
    (time?.decimalSeconds(places: 6) ?? "-").rightAligned(in: 12)
  }
}

extension DecodedOperation {
  /// The operation as members of a JSON object.
  fileprivate func members(showsData: Bool) -> [JSONMember] {
    [
      JSONMember("number", .integer(number)), JSONMember("start", start.map { .seconds($0) } ?? .null),
      JSONMember("seconds", duration.map { .seconds($0) } ?? .null), JSONMember("command", .string(name)),
      JSONMember("known", .boolean(isKnown)), JSONMember("subject", .optional(subject)),
      JSONMember("address", .optional(address.map(Int.init))),
      JSONMember("sent", outgoing?.value(showsData: showsData) ?? .null),
      JSONMember("received", incoming?.value(showsData: showsData) ?? .null),
      JSONMember("status", .optional(status?.name)),
      JSONMember("statusCode", .optional(status.map { Int($0.rawValue) })),
      JSONMember("meaning", .optional(meaning)), JSONMember("problem", .optional(problem)),
      JSONMember("transfers", .integer(transfers.count)),
      JSONMember("sentBytes", .integer(sentByteCount)), JSONMember("receivedBytes", .integer(receivedByteCount)),
    ]
  }
}

extension DecodedOperation.Payload {
  /// The payload as a JSON object.
  fileprivate func value(showsData: Bool) -> JSONValue {
    switch self {
    case .word(let word, let parts):
      .object([JSONMember("value", .integer(Int(word))), JSONMember("fields", .strings(parts))])
    case .text(let text): .object([JSONMember("text", .string(text))])
    case .bytes(let bytes):
      .object(
        [
          JSONMember("bytes", .integer(bytes.count)),
          JSONMember("crc32", .integer(Int(CRC32.checksum(of: bytes)))),
        ] + (showsData ? [JSONMember("data", .string(Hexadecimal.text(bytes)))] : []))
    }
  }
}
