import Basics
import Engine
import Failures
import LinkInterface
import Trace

/// A recording in place of a serial port.
final class ReplayedSerialLine {
  private let replayer: SerialReplayer
  private let path: String
  private let recording: SerialRecording
  private let interruption: Interruption
  /// Whether the divergence has become a failure already.
  private var isReported = false

  /// Makes a recording answer.
  init(_ recording: SerialRecording, path: String, in context: CommandContext) {
    self.recording = recording
    self.path = path
    interruption = context.interruption
    replayer = SerialReplayer(recording)
  }

  /// The line.
  var line: any SerialLine { replayer }
  /// The simulated board or chip of the recording; nil where it was a real one.
  var simulatedTarget: String? { recording.value(RecordingKey.simulated) }

  /// A failure as what it comes from: where the replay has parted from its recording, that.
  func explained(_ failure: CommandFailure) -> CommandFailure {
    guard let divergence = replayer.divergence else { return failure }
    isReported = true
    guard interruption.isRequested else { return report(divergence) }
    // Whoever stops a replay makes it part from its recording: that says nothing about either.
    if failure.report.category == .interrupted { return failure }
    return CommandFailure(FailureReport(.interrupted, "stopped in the middle of a replay", evidence: [], remedies: []))
  }

  /// Fails where the replay has parted from its recording, or has left some of it.
  func finish() throws(CommandFailure) {
    guard !isReported, !interruption.isRequested, let divergence = replayer.divergence ?? replayer.leftOver else {
      return
    }
    throw report(divergence)
  }

  private func report(_ divergence: String) -> CommandFailure {
    var evidence: [String] = []
    if let call = replayer.divergedCall,
      let operation = recording.operations.first(where: { $0.transfers.contains(call) })
    {
      evidence.append("recorded there: operation \(operation.number), \(operation.text)")
    }
    return CommandFailure(
      FailureReport(
        .trace, "the session differs from the recording \"\(FileSystem.name(of: path))\" at \(divergence)",
        evidence: evidence,
        remedies: ["Record the session anew: the recording is of another command line, chip or version of stflash"]))
  }
}

extension SerialRecording {
  /// What the host had the bootloader do.
  var operations: [DecodedOperation] { BootloaderDecoder.decode(calls.map(ObservedLineEvent.init)) }
}

extension ObservedLineEvent {
  /// A call as a recording holds it.
  init(_ call: SerialCall) {
    let kind: Kind =
      switch call.action {
      case .send(let bytes): .sent(bytes)
      case .receive(_, let bytes): .received(bytes)
      case .configure(let settings): .line(settings.name)
      case .discardInput: .line("input discarded")
      case .drive(let line, let active): .line("\(line.rawValue.uppercased()) \(active ? "active" : "inactive")")
      case .sendBreak(let length): .line("break of \(length.wording)")
      }
    self.init(kind, failure: call.failure.map(Self.words), start: call.began, end: call.ended)
  }

  private static func words(_ reason: SerialError.Reason) -> String {
    switch reason {
    case .timeout: "no answer"
    case .gone: "unplugged"
    default: "\(reason)"
    }
  }
}
