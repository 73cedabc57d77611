import Basics
import LinkInterface

/// Reads the capture list that USBlyzer, a Windows program, saves as comma-separated values.
///
/// Only the columns with the request's number, time, direction, endpoint and raw data are used. The report says nothing
/// of bus and address, so that all of it is taken as one device, number 1 of bus 1.
enum USBlyzerReader {
  private static let title = "USBlyzer Report"

  /// The columns, by position.
  private enum Column {
    static let type = 0
    static let sequence = 1
    static let elapsed = 3
    static let details = 6
    static let direction = 8
    static let endpoint = 9
    static let status = 14
    static let data = 15
  }

  /// Whether a file begins like such a report.
  static func recognises(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: Array(title.utf8))
  }

  /// The events of a whole report.
  static func events(_ bytes: [UInt8]) throws(TraceError) -> [URBEvent] {
    var events: [URBEvent] = []
    let text = String(decoding: bytes, as: UTF8.self)
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      guard fields.first == "URB" else { continue }
      guard let event = event(fields) else {
        throw TraceError(.syntax(expected: "a row of USBlyzer's", found: String(line.prefix(60))), at: .line(index + 1))
      }
      if event.record.kind == .bulk { events.append(event) }
    }
    return events
  }

  private static func event(_ fields: [Substring]) -> URBEvent? {
    guard fields.count > Column.status, let time = time(fields[Column.elapsed]),
      let endpoint = UInt8(fields[Column.endpoint].split(separator: ":").last ?? "", radix: 16).map(Endpoint.init)
    else { return nil }
    let numbers = fields[Column.sequence].split(separator: "-").map { UInt64($0) }
    guard let own = numbers.first ?? nil, numbers.count <= 2, let id = numbers.last ?? nil else { return nil }
    let isEnd = id != own
    let length = UInt32(fields[Column.details].prefix { $0.isNumber }) ?? 0
    let hex = fields.count > Column.data ? fields[Column.data].filter { $0 != " " } : ""
    guard let data = Hexadecimal.bytes(hex) else { return nil }
    let record = URBRecord(
      event: isEnd ? .completion : .submission, id: id, kind: endpoint.number != 0 ? .bulk : .control,
      endpoint: endpoint, bus: 1,
      device: 1, setup: nil, status: isEnd ? status(fields[Column.status]) : .inProgress, length: length, data: data,
      time: time)
    var event = URBEvent(record: record, interface: 0, gaps: [], tellsMovedLength: false)
    if data.count < Int(length) {
      if isEnd && endpoint.isInput { event.gaps = .incomingBytes }
      if !isEnd && !endpoint.isInput { event.gaps = .outgoingBytes }
    }
    return event
  }

  private static func status(_ text: Substring) -> USBStatus {
    let words: [(part: String, status: USBStatus)] = [
      ("Success", .success), ("Stall", .stall), ("Cancel", .cancelled), ("Timeout", .timeout),
    ]
    return words.first { text.contains($0.part) }?.status ?? USBStatus(rawValue: -5)
  }

  /// A time as "174.174880 s", "73.849 ms" or "26 us".
  private static func time(_ text: Substring) -> Duration? {
    let units = ["s": 1_000_000_000, "ms": 1_000_000, "us": 1_000]
    let parts = text.split(separator: " ")
    guard parts.count == 2, let unit = units[String(parts[1])], let value = Double(parts[0]),
      (0..<1_000_000).contains(value)
    else { return nil }
    return .nanoseconds(Int64((value * Double(unit)).rounded()))
  }
}
