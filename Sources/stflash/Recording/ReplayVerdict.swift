import Engine
import Failures
import LinkInterface

/// What a replay comes to where it parts from its recording, whatever was recorded; told once.
struct ReplayVerdict {
  /// The recording's name.
  private let name: String
  private let interruption: Interruption
  /// What can be done about it.
  private let remedies: [Advice]
  /// Whether the parting has become a failure already.
  private var isReported = false

  /// Makes a verdict on the replay of a file.
  init(on path: String, remedies: [Advice], in context: CommandContext) {
    name = FileSystem.name(of: path)
    interruption = context.interruption
    self.remedies = remedies
  }

  /// A failure as what it comes from.
  ///
  /// - Parameter parting: where the session parted from its recording, and the evidence; nil where it did not.
  mutating func explained(
    _ failure: CommandFailure, by parting: (place: String, evidence: [String])?
  ) -> CommandFailure {
    guard let parting else { return failure }
    isReported = true
    guard interruption.isRequested else { return report(parting) }
    // Whoever stops a replay makes it part from its recording: that says nothing about either.
    if failure.report.category == .interrupted { return failure }
    return CommandFailure(FailureReport(.interrupted, "stopped in the middle of a replay", evidence: [], remedies: []))
  }

  /// Fails where the session has parted from its recording, or has left some of it.
  func finish(_ parting: (place: String, evidence: [String])?) throws(CommandFailure) {
    guard !isReported, !interruption.isRequested, let parting else { return }
    throw report(parting)
  }

  private func report(_ parting: (place: String, evidence: [String])) -> CommandFailure {
    CommandFailure(
      FailureReport(
        .trace, "the session differs from the recording \"\(name)\" at \(parting.place)", evidence: parting.evidence,
        remedies: remedies))
  }
}
