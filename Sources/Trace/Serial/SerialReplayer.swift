import Basics
package import LinkInterface

/// A serial line that is a recording: it answers what was answered, and fails as it failed.
///
/// The recording is taken in order; whatever differs from it is an error with the reason `divergence`, and so is every
/// later call, with the first divergence's words.
package final class SerialReplayer: SerialLine {
  private let recording: SerialRecording
  private let replayClock = ReplayClock()
  private var position = 0
  private var isClosed = false

  /// The first place at which the program parted from the recording; nil as long as it follows.
  package private(set) var divergence: String?
  /// The place of the divergence among the recorded calls, from 0.
  package private(set) var divergedCall: Int?
  /// How characters would stand on the wires.
  package private(set) var settings: SerialSettings
  /// The recorded port.
  package let identity: SerialIdentity

  /// Makes a line of a recording.
  package init(_ recording: SerialRecording) {
    self.recording = recording
    settings = recording.settings ?? SerialSettings(baudRate: 115_200, parity: .even)
    identity = SerialIdentity(name: recording.value(SerialRecording.portKey) ?? "recorded port")
  }

  /// The recording's time.
  package var clock: any LinkClock { replayClock }

  /// What is left of the recording when the program has ended; nil where nothing is.
  package var leftOver: String? {
    guard position < recording.calls.count else { return nil }
    let count = recording.calls.count - position
    return place(position) + "the session has ended, \(count) recorded calls are left, "
      + "next \(recording.calls[position].action.summary)"
  }

  /// Follows the recording.
  package func configure(_ settings: SerialSettings) throws(SerialError) {
    _ = try next(.configure(settings))
    self.settings = settings
  }

  /// Follows the recording.
  package func send(_ bytes: [UInt8], by deadline: Deadline) throws(SerialError) { _ = try next(.send(bytes)) }

  /// Answers what was answered.
  package func receive(_ byteCount: Int, by deadline: Deadline) throws(SerialError) -> [UInt8] {
    try next(.receive(byteCount: byteCount, []))
  }

  /// Follows the recording.
  package func discardInput() throws(SerialError) { _ = try next(.discardInput) }

  /// Follows the recording.
  package func drive(_ line: ControlLine, active: Bool) throws(SerialError) {
    _ = try next(.drive(line, active: active))
  }

  /// Follows the recording.
  package func sendBreak(for duration: Duration) throws(SerialError) { _ = try next(.sendBreak(duration)) }

  /// Ends the replay; every later call throws.
  package func close() { isClosed = true }

  private func next(_ action: SerialCall.Action) throws(SerialError) -> [UInt8] {
    guard !isClosed else { throw error(.closed) }
    if let divergence { throw error(.divergence(divergence)) }
    guard position < recording.calls.count else {
      throw diverging("the recording has ended, got \(action.summary)")
    }
    let call = recording.calls[position]
    guard call.action.asksFor(action) else {
      throw diverging("expected \(call.action.summary), got \(action.summary)")
    }
    position += 1
    replayClock.advance(to: call.ended)
    let received = call.action.received
    if let failure = call.failure { throw error(failure, received) }
    return received
  }

  private func diverging(_ text: String) -> SerialError {
    let words = place(position) + text
    divergence = words
    divergedCall = position
    return error(.divergence(words))
  }

  private func place(_ position: Int) -> String { "call \(position + 1) of \(recording.calls.count): " }

  private func error(_ reason: SerialError.Reason, _ received: [UInt8] = []) -> SerialError {
    SerialError(reason, port: identity.name, received: received)
  }
}

extension SerialCall.Action {
  /// What came in.
  var received: [UInt8] {
    if case .receive(_, let bytes) = self { bytes } else { [] }
  }

  /// Whether a recorded call is what a program asks for now.
  func asksFor(_ other: SerialCall.Action) -> Bool {
    switch (self, other) {
    case (.receive(let count, _), .receive(let wanted, _)): count == wanted
    default: self == other
    }
  }

  /// The call in a few words.
  var summary: String {
    switch self {
    case .configure(let settings): return "the line at \(settings.name)"
    case .send(let bytes):
      let shown = Hexadecimal.text(bytes.prefix(16), separator: " ")
      return "\(bytes.count.inBytes) out (\(shown)\(bytes.count > 16 ? " ..." : ""))"
    case .receive(let count, _): return "a wait for \(count.inBytes)"
    case .discardInput: return "input discarded"
    case .drive(let line, let active): return "\(line.rawValue.uppercased()) \(active ? "active" : "inactive")"
    case .sendBreak: return "a break"
    }
  }
}
