import Basics
import Failures

extension LostReply {
  /// The failure of the last attempt, with why there was no other.
  var report: FailureReport {
    var report = failure.ownReport
    report.evidence.append(obstacle.wording)
    return report
  }
}

extension LostReply.Obstacle {
  /// The obstacle in a sentence.
  fileprivate var wording: String {
    switch self {
    case .mayNotHappenTwice:
      "the command may have been carried out and must not be a second time, so it was not repeated: look at the target"
    case .everyAttempt(let count): "it was tried \(count) times"
    case .tooManyLosses(let losses, let commands):
      "\(losses) replies have been lost or cut in \(commands) commands; no more are waited for"
    case .probeIsSilent: "the probe gave no answer to GET_VERSION any more, after a reset of its USB device neither"
    case .debugModeLeft(let mode): "the probe has left debug mode by itself: it is in \(mode)"
    }
  }
}
