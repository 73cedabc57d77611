import Basics
import Engine
import Failures
import LinkInterface
import Trace

/// A recording in place of a serial port.
final class ReplayedSerialLine {
  private let replayer: SerialReplayer
  private let recording: SerialRecording
  private var verdict: ReplayVerdict

  /// Makes a recording answer.
  init(_ recording: SerialRecording, path: String, in context: CommandContext) {
    self.recording = recording
    verdict = ReplayVerdict(
      on: path,
      remedies: ["Record the session anew: the recording is of another command line, chip or version of stflash"],
      in: context)
    replayer = SerialReplayer(recording)
  }

  /// The line.
  var line: any SerialLine { replayer }
  /// The simulated board or chip of the recording; nil where it was a real one.
  var simulatedTarget: String? { recording.value(RecordingKey.simulated) }

  /// A failure as what it comes from: where the replay has parted from its recording, that.
  func explained(_ failure: CommandFailure) -> CommandFailure {
    verdict.explained(failure, by: replayer.divergence.map(parting))
  }

  /// Fails where the replay has parted from its recording, or has left some of it.
  func finish() throws(CommandFailure) {
    try verdict.finish((replayer.divergence ?? replayer.leftOver).map(parting))
  }

  private func parting(_ place: String) -> (place: String, evidence: [String]) {
    guard let call = replayer.divergedCall,
      let operation = recording.operations.first(where: { $0.transfers.contains(call) })
    else { return (place, []) }
    return (place, ["recorded there: operation \(operation.number), \(operation.text)"])
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
