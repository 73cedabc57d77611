import Engine
import Failures
import LinkInterface
import Trace

/// A recording in place of a probe.
final class ReplayedProbe: OpenedProbe {
  private let replayer: Replayer
  private let session: Recording
  private let path: String
  private let interruption: Interruption
  /// Whether the divergence has become a failure already.
  private var isReported = false

  /// Reads a recording and makes it answer.
  init(_ path: String, _ mode: Replayer.Mode, masks: [MaskRule], in context: CommandContext) throws(CommandFailure) {
    let capture = try RecordingReader(files: context.files, reporter: context.reporter).read(path)
    self.path = path
    interruption = context.interruption
    session = capture.session
    replayer = Replayer(session, mode: mode, masks: masks, identity: session.presumedIdentity)
  }

  var probe: any USBDevice { replayer }
  var simulatedTarget: String? { session.value(RecordingKey.simulated) }
  var isSimulated: Bool { simulatedTarget != nil }

  func explained(_ failure: CommandFailure) -> CommandFailure {
    guard let divergence = replayer.divergence else { return failure }
    isReported = true
    guard interruption.isRequested else { return report(divergence) }
    // Whoever stops a replay makes it part from its recording: that says nothing about either.
    if failure.report.category == .interrupted { return failure }
    return CommandFailure(FailureReport(.interrupted, "stopped in the middle of a replay", evidence: [], remedies: []))
  }

  func finish() throws(CommandFailure) {
    guard !isReported, !interruption.isRequested, let divergence = replayer.divergence ?? replayer.leftOver else {
      return
    }
    throw report(divergence)
  }

  private func report(_ divergence: Divergence) -> CommandFailure {
    CommandFailure(
      FailureReport(
        .trace, "the session differs from the recording \"\(FileSystem.name(of: path))\" at \(divergence)",
        evidence: DecodedSession(session).evidence(of: divergence),
        remedies: [
          "Record the session anew: the recording is of another command line, chip, firmware or version of stflash",
          "Name bytes that may differ with --replay-mask, or look around with --replay-lenient",
        ]))
  }
}
