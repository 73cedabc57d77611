import Engine
import Failures
import LinkInterface
import Trace

/// A recording in place of a probe.
final class ReplayedProbe: OpenedProbe {
  private let replayer: Replayer
  private let session: Recording
  private var verdict: ReplayVerdict

  /// Reads a recording and makes it answer.
  init(_ path: String, _ mode: Replayer.Mode, masks: [MaskRule], in context: CommandContext) throws(CommandFailure) {
    let capture = try RecordingReader(files: context.files, reporter: context.reporter).read(path)
    verdict = ReplayVerdict(
      on: path,
      remedies: [
        "Record the session anew: the recording is of another command line, chip, firmware or version of stflash",
        "Name bytes that may differ with --replay-mask, or look around with --replay-lenient",
      ], in: context)
    session = capture.session
    replayer = Replayer(session, mode: mode, masks: masks, identity: session.presumedIdentity)
  }

  var probe: any USBDevice { replayer }
  var simulatedTarget: String? { session.value(RecordingKey.simulated) }
  var isSimulated: Bool { simulatedTarget != nil }

  func explained(_ failure: CommandFailure) -> CommandFailure {
    verdict.explained(failure, by: replayer.divergence.map(parting))
  }

  func finish() throws(CommandFailure) {
    try verdict.finish((replayer.divergence ?? replayer.leftOver).map(parting))
  }

  private func parting(_ divergence: Divergence) -> (place: String, evidence: [String]) {
    ("\(divergence)", DecodedSession(session).evidence(of: divergence))
  }
}
