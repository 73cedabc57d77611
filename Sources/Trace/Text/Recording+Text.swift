import Basics
import LinkInterface

extension Recording {
  /// The session in the text form, which reads back as the same session; times are cut to nanoseconds.
  package var text: String {
    var lines = ["\(TextForm.title) \(TextForm.version)"]
    if startTime != .zero { lines.append("\(TextForm.Header.start.rawValue) \(TextForm.text(startTime))") }
    if location != USBLocation(bus: 0, address: 0) {
      lines.append("\(TextForm.Header.device.rawValue) \(location.bus) \(location.address)")
    }
    lines += metadata.map { "\(TextForm.Header.meta.rawValue) \($0.text)" }
    lines += masks.map { "\(TextForm.Header.mask.rawValue) \($0.text)" }
    lines += transferLines
    return lines.joined(separator: "\n") + "\n"
  }

  /// A line for each transfer, and one for all that are those before them once more.
  private var transferLines: [String] {
    var lines: [String] = []
    var position = 0
    while position < exchanges.count {
      if let again = TransferRepetition(in: exchanges, at: position) {
        let period = again.period.map { TextForm.text(.nanoseconds($0)) } ?? TextForm.none
        lines.append("\(TextForm.Header.again.rawValue) \(again.length) \(again.count) \(period)")
        position += again.length * again.count
      } else {
        lines.append(Recording.line(exchanges[position]))
        position += 1
      }
    }
    return lines
  }

  private static func line(_ exchange: Exchange) -> String {
    let times = [exchange.submitted, exchange.completed].map { $0.map(TextForm.text) ?? TextForm.none }
    let marks = TextForm.gaps.filter { exchange.gaps.contains($0.gap) }.map(\.word)
    return (times + words(exchange.request) + end(exchange) + marks).joined(separator: " ")
  }

  private static func words(_ request: Transfer) -> [String] {
    switch request {
    case .bulkOut(let endpoint, let bytes):
      [TextForm.Kind.output.rawValue, Hexadecimal.text([endpoint.rawValue]), TextForm.text(bytes)]
    case .bulkIn(let endpoint, let byteCount):
      [TextForm.Kind.input.rawValue, Hexadecimal.text([endpoint.rawValue]), "\(byteCount)"]
    case .controlOut(let setup, let bytes):
      [TextForm.Kind.controlOut.rawValue, Hexadecimal.text(setup.bytes), TextForm.text(bytes)]
    case .controlIn(let setup):
      [TextForm.Kind.controlIn.rawValue, Hexadecimal.text(setup.bytes)]
    }
  }

  private static func end(_ exchange: Exchange) -> [String] {
    switch exchange.outcome {
    case .completed(let bytes):
      exchange.request.isInput || !bytes.isEmpty ? [TextForm.End.completed.rawValue, TextForm.text(bytes)] : []
    case .failed(let status, let partial, let sent):
      [TextForm.End.failed.rawValue, status.name, TextForm.text(partial)]
        + (sent == 0 ? [] : [TextForm.sent, "\(sent)"])
    case .unknown:
      [TextForm.End.unknown.rawValue]
    }
  }
}
