import Basics
import LinkInterface

/// Reads the text form of a session.
struct TextReader {
  private var session = Recording(exchanges: [])
  /// A few bytes of text can stand for many; no session that is worth a text holds more than this of them.
  private var repeatable = 64 * 1_048_576

  /// Whether a file begins like the text form.
  static func recognises(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: Array(TextForm.title.utf8))
  }

  /// Reads a whole file.
  static func read(_ bytes: [UInt8]) throws(TraceError) -> Recording {
    var reader = TextReader()
    let text = String(decoding: bytes, as: UTF8.self)
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      try reader.read(line, number: index + 1)
    }
    return reader.session
  }

  private mutating func read(_ line: Substring, number: Int) throws(TraceError) {
    if let rest = line.dropPrefix(TextForm.Header.meta.rawValue + " ") {
      guard let entry = MetadataEntry(text: String(rest)) else {
        throw TraceError(.syntax(expected: "KEY: VALUE", found: String(rest)), at: .line(number))
      }
      session.metadata.append(entry)
      return
    }
    let content = line.prefix { $0 != "#" }
    var words = TextWords(
      rest: content.split(whereSeparator: \.isWhitespace)[...], line: number, repeatable: repeatable)
    defer { repeatable = words.repeatable }
    if number == 1 {
      try readTitle(&words)
    } else if let first = words.rest.first {
      switch TextForm.Header(rawValue: String(first)) {
      case .start, .device, .mask, .meta: try readHeader(&words)
      case .again: try readRepetition(&words)
      case nil: session.exchanges.append(try exchange(&words))
      }
    }
    if let left = words.rest.first { throw words.error("the end of the line", left) }
  }

  private func readTitle(_ words: inout TextWords) throws(TraceError) {
    guard words.take(TextForm.title) else { throw words.error("\"\(TextForm.title)\"", words.rest.first ?? "") }
    let version = try words.next("a version")
    guard version == TextForm.version else { throw TraceError(.version(String(version)), at: .line(1)) }
  }

  private mutating func readHeader(_ words: inout TextWords) throws(TraceError) {
    switch TextForm.Header(rawValue: String(try words.next("a header"))) {
    case .start:
      session.startTime = try words.time() ?? .zero
    case .device:
      session.location.bus = try words.number("a bus number")
      session.location.address = try words.number("a device address")
    case .mask:
      let text = words.rest.joined(separator: " ")
      guard let rule = MaskRule(text: text) else { throw words.error("NAME EXCHANGES BYTES", text) }
      session.masks.append(rule)
      words.rest = []
    case .meta, .again, nil:
      throw words.error("KEY: VALUE", "")
    }
  }

  /// Appends the last transfers once more, as often as the line says.
  private mutating func readRepetition(_ words: inout TextWords) throws(TraceError) {
    words.rest.removeFirst()
    let length: Int = try words.number("a number of transfers")
    guard length >= 1, length <= session.exchanges.count else {
      throw words.error("a number of transfers from 1 to \(session.exchanges.count)", "\(length)")
    }
    let count: Int = try words.number("a number of times")
    let period = try words.time() ?? .zero
    let repeated = session.exchanges.suffix(length)
    let cost = repeated.reduce(0) { $0 + $1.byteCount + TextForm.transferCost }
    guard count >= 1, count <= words.repeatable / cost else {
      throw words.error("a number of times from 1 to \(words.repeatable / cost)", "\(count)")
    }
    guard period <= .nanoseconds(TransferRepetition.longestPeriod) else {
      throw words.error("at most a day", "\(period)")
    }
    words.repeatable -= count * cost
    for number in 1...count {
      session.exchanges += repeated.map { $0.later(by: period * number) }
    }
  }

  private func exchange(_ words: inout TextWords) throws(TraceError) -> Exchange {
    var times: [Duration?] = [nil, nil]
    if let first = words.rest.first, TextForm.Kind(rawValue: String(first)) == nil {
      times = [try words.time(), try words.time()]
    }
    let request = try request(&words)
    var exchange = Exchange(request, try outcome(&words, of: request), submitted: times[0], completed: times[1])
    for (word, gap) in TextForm.gaps where words.take(word) {
      exchange.gaps.insert(gap)
    }
    return exchange
  }

  private func request(_ words: inout TextWords) throws(TraceError) -> Transfer {
    let expected = "out, in, control-out or control-in"
    let word = try words.next(expected)
    guard let kind = TextForm.Kind(rawValue: String(word)) else { throw words.error(expected, word) }
    switch kind {
    case .output:
      let endpoint = Endpoint(rawValue: try words.number("an OUT endpoint", radix: 16))
      guard !endpoint.isInput else { throw words.error("an OUT endpoint", Hexadecimal.text([endpoint.rawValue])) }
      return .bulkOut(endpoint, try words.bytes())
    case .input:
      let endpoint = Endpoint(rawValue: try words.number("an IN endpoint", radix: 16))
      guard endpoint.isInput else { throw words.error("an IN endpoint", Hexadecimal.text([endpoint.rawValue])) }
      let count: UInt32 = try words.number("a number of bytes")
      return .bulkIn(endpoint, byteCount: Int(count))
    case .controlOut:
      let setup = try setup(&words)
      return .controlOut(setup, try words.bytes())
    case .controlIn:
      return .controlIn(try setup(&words))
    }
  }

  private func setup(_ words: inout TextWords) throws(TraceError) -> ControlSetup {
    let expected = "a setup packet of 8 bytes"
    let found = words.rest.first ?? ""
    let bytes = try words.bytes()
    guard bytes.count == 8, let setup = UsbmonDecoder.setup(ByteReader(bytes[...], isBigEndian: false)) else {
      throw words.error(expected, found)
    }
    return setup
  }

  private func outcome(_ words: inout TextWords, of request: Transfer) throws(TraceError) -> Exchange.Outcome {
    if words.take(TextForm.End.completed.rawValue) { return .completed(try words.bytes()) }
    if words.take(TextForm.End.unknown.rawValue) { return .unknown }
    if words.take(TextForm.End.failed.rawValue) {
      let name = try words.next("a status")
      guard let status = USBStatus(name: String(name)) else { throw words.error("a status", name) }
      let partial = try words.bytes()
      let sent: UInt32 = words.take(TextForm.sent) ? try words.number("a number of bytes") : 0
      return .failed(status, partial: partial, sent: Int(sent))
    }
    guard !request.isInput else {
      throw words.error("\"=\", \"!\" or \"?\"", words.rest.first ?? "the end of the line")
    }
    return .completed([])
  }
}

extension Exchange {
  /// The bytes that it holds.
  fileprivate var byteCount: Int { request.outgoingBytes.count + incomingBytes.count }

  /// The same at a later time.
  fileprivate func later(by time: Duration) -> Exchange {
    var exchange = self
    exchange.submitted = submitted.map { $0 + time }
    exchange.completed = completed.map { $0 + time }
    return exchange
  }
}

extension Substring {
  /// What follows a prefix; nil for text that begins otherwise.
  fileprivate func dropPrefix(_ prefix: String) -> Substring? {
    hasPrefix(prefix) ? dropFirst(prefix.count) : nil
  }
}
