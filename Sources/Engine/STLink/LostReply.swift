import Failures
import LinkInterface

/// A command whose reply was lost or cut on its way, and that could not be repeated.
public struct LostReply: Sendable, Equatable {
  /// Why the command was not sent again, or did not come through then.
  public enum Obstacle: Sendable, Equatable {
    /// It may have been carried out, and must not be a second time.
    case mayNotHappenTwice
    /// Every attempt ended so, this many.
    case everyAttempt(Int)
    /// So many replies have been lost in so many commands that no more is waited for.
    case tooManyLosses(Int, inCommands: Int)
    /// The probe answers nothing any more.
    case probeIsSilent
    /// The probe has left debug mode by itself; what it is doing now, in words.
    case debugModeLeft(String)
  }

  /// How the last attempt failed.
  public var failure: DebugError
  /// Why there was no other.
  public var obstacle: Obstacle

  /// Makes a value.
  public init(failure: DebugError, obstacle: Obstacle) {
    self.failure = failure
    self.obstacle = obstacle
  }
}

/// A command that was carried out although replies to it were lost or cut.
public struct Repetition: Sendable, Equatable {
  /// The command.
  public var command: String
  /// How the first attempt failed.
  public var failure: DebugError
  /// How many replies were lost.
  public var lossCount: Int
  /// Whether the command itself was sent again, and not only its status asked for.
  public var wasSentAgain: Bool

  /// The repetition in one sentence.
  public var message: String {
    let losses = lossCount == 1 ? "" : ", and \(lossCount - 1) more times"
    let remedy = wasSentAgain ? "sent it again" : "asked for its status again"
    return "\(failure.report.summary)\(losses); emptied the pipe, found the probe in order and \(remedy)"
  }
}

extension STLink {
  /// What to say at the end of a session in which commands were repeated; nil where none was.
  public var repetitionWarning: String? {
    switch repetitionCount {
    case 0: nil
    case 1: "a reply of the probe was lost or cut on USB, and was asked for again"
    default: "\(repetitionCount) replies of the probe were lost or cut on USB, and were asked for again"
    }
  }
}

/// How many lost replies a session puts up with: a link that loses one now and then is used on, one that loses every
/// fifth is not.
struct LossBudget: Sendable, Equatable {
  /// What may be lost in a row of losses that nothing interrupts.
  static let whole = 8
  /// How many commands have to succeed until one more may be lost.
  ///
  /// Each loss costs a time-out of three seconds: at one in a hundred, a write takes minutes and still ends.
  static let commandsPerLoss = 50

  private(set) var left = LossBudget.whole
  /// How many replies have been lost.
  private(set) var lossCount = 0
  /// How many commands have been carried out.
  private(set) var commandCount = 0
  private var successes = 0

  /// Takes note of a command that was carried out.
  mutating func succeed() {
    commandCount += 1
    successes += 1
    guard successes == LossBudget.commandsPerLoss else { return }
    successes = 0
    left = min(left + 1, LossBudget.whole)
  }

  /// Takes note of a loss.
  ///
  /// - Returns: whether the session may go on.
  mutating func lose() -> Bool {
    lossCount += 1
    left = max(0, left - 1)
    return left > 0
  }
}

extension DebugError {
  /// Whether a reply was lost or cut between the probe and this program, by a failure that may pass.
  var isLossOnTheWay: Bool {
    switch self {
    case .malformedReply: true
    case .transport(let error, _): error.reason.mayPass
    default: false
    }
  }
}
