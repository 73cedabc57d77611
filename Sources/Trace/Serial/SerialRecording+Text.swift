import Basics
import LinkInterface

/// Words of the text form of a serial session: one call a line, so that it can be reviewed and written by hand.
///
///     stflash-serial 1
///     meta chip: STM32F412CE
///     0.000000000 0.000000000 line 115200 8E1
///     0.000000000 0.000000000 rts active
///     0.000000000 0.000095486 send 7f
///     0.000095486 0.000191589 receive 1 79
///     0.000191589 1.000191589 receive 1 - ! timeout
///     1.000191589 1.000191589 discard
///     1.000191589 1.100191589 break 100000000
///
/// When a call began and when it was done, in seconds from the start; then the call, and how it failed. Bytes as in the text
/// form of USB sessions (`TextForm`); a break's length is in nanoseconds.
enum SerialTextForm {
  /// The first word of the first line.
  static let title = "stflash-serial"
  /// The version that is written, and the only one that is read.
  static let version = "1"
  /// Stands before the reason of a failure.
  static let failure = "!"

  /// The calls.
  enum Kind: String {
    case line
    case send
    case receive
    case discard
    case rts
    case dtr
    case sendBreak = "break"
  }
}

extension SerialRecording {
  /// The session in the text form, which reads back as the same session; times are cut to nanoseconds.
  package var text: String {
    var lines = ["\(SerialTextForm.title) \(SerialTextForm.version)"]
    if startTime != .zero { lines.append("\(TextForm.Header.start.rawValue) \(TextForm.text(startTime))") }
    lines += metadata.map { "\(TextForm.Header.meta.rawValue) \($0.text)" }
    lines += calls.map { call in
      let failure = call.failure.map { [SerialTextForm.failure, $0.noteText] } ?? []
      return ([TextForm.text(call.began), TextForm.text(call.ended)] + call.action.words + failure)
        .joined(separator: " ")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Whether a file begins like the text form.
  static func recognises(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: Array(SerialTextForm.title.utf8))
  }

  /// Reads the text form.
  static func readText(_ bytes: [UInt8]) throws(TraceError) -> SerialRecording {
    var recording = SerialRecording(calls: [])
    let lines = String(decoding: bytes, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() { try recording.readLine(line, number: index + 1) }
    return recording
  }

  private mutating func readLine(_ line: Substring, number: Int) throws(TraceError) {
    var words = TextWords(
      rest: line.split(whereSeparator: \.isWhitespace)[...], line: number, repeatable: 1_048_576)
    guard let first = words.rest.first else { return }
    switch (number, TextForm.Header(rawValue: String(first))) {
    case (1, _):
      _ = words.take(SerialTextForm.title)
      let version = try words.next("a version")
      guard version == SerialTextForm.version else { throw TraceError(.version(String(version)), at: .line(1)) }
    case (_, .meta):
      let text = line.drop { $0 == " " }.dropFirst(first.count + 1)
      guard let entry = MetadataEntry(text: String(text)) else { throw words.error("KEY: VALUE", text) }
      metadata.append(entry)
    case (_, .start):
      _ = try words.next("start")
      startTime = try words.time() ?? .zero
    case _ where first.hasPrefix("#"): return
    default: calls.append(try SerialRecording.call(&words))
    }
  }

  private static func call(_ words: inout TextWords) throws(TraceError) -> SerialCall {
    let began = try words.time() ?? .zero
    let ended = try words.time() ?? began
    let expected = "line, send, receive, discard, rts, dtr or break"
    let word = try words.next(expected)
    guard let kind = SerialTextForm.Kind(rawValue: String(word)) else { throw words.error(expected, word) }
    var call = SerialCall(try action(kind, &words), began: began, ended: ended)
    if words.take(SerialTextForm.failure) {
      call.failure = SerialError.Reason(noteText: words.rest.joined(separator: " "))
    } else if let left = words.rest.first {
      throw words.error("the end of the line", left)
    }
    return call
  }

  private static func action(
    _ kind: SerialTextForm.Kind, _ words: inout TextWords
  ) throws(TraceError) -> SerialCall.Action {
    switch kind {
    case .line:
      let text = "\(try words.next("a baud rate")) \(try words.next("a format such as 8E1"))"
      guard let settings = SerialSettings(name: text) else { throw words.error("settings such as 115200 8E1", text) }
      return .configure(settings)
    case .send: return .send(try words.bytes())
    case .receive: return .receive(byteCount: try words.number("a number of bytes"), try words.bytes())
    case .discard: return .discardInput
    case .rts, .dtr:
      let state = try words.next("active or inactive")
      guard state == "active" || state == "inactive" else { throw words.error("active or inactive", state) }
      return .drive(kind == .rts ? .rts : .dtr, active: state == "active")
    case .sendBreak: return .sendBreak(.nanoseconds(try words.number("a number of nanoseconds") as Int64))
    }
  }
}

extension SerialCall.Action {
  /// The call as the text form writes it.
  fileprivate var words: [String] {
    switch self {
    case .configure(let settings): ["line", settings.name]
    case .send(let bytes): ["send", TextForm.text(bytes)]
    case .receive(let count, let bytes): ["receive", String(count), TextForm.text(bytes)]
    case .discardInput: ["discard"]
    case .drive(let line, let active): [line.rawValue, active ? "active" : "inactive"]
    case .sendBreak(let length): ["break", String(length.wholeNanoseconds)]
    }
  }
}
