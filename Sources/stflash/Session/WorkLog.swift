import Basics
import Engine
import LinkInterface

/// Adds up what a session did, for the result's figures; all times are on the probe's clock.
final class WorkLog {
  /// One phase that is over.
  struct Phase: Equatable {
    var phase: FlashPhase
    var byteCount: Int
    var duration: Duration
  }

  /// The phases, in order.
  private(set) var phases: [Phase] = []
  private var totals: [FlashPhase: Int] = [:]
  private let clock: any LinkClock
  private let started: Duration

  /// Begins to count.
  init(clock: any LinkClock) {
    self.clock = clock
    started = clock.now
  }

  /// The time since the log was begun.
  var elapsed: Duration { clock.now - started }

  /// Takes note of what happens.
  func record(_ event: FlashEvent) {
    switch event {
    case .phaseStarted(let phase, let total): totals[phase] = total
    case .phaseFinished(let phase, let duration):
      phases.append(Phase(phase: phase, byteCount: totals[phase] ?? 0, duration: duration))
    default: break
    }
  }

  /// The figures as they stand now.
  func figures(isSimulated: Bool) -> WorkFigures {
    WorkFigures(phases: phases, elapsed: elapsed, isSimulated: isSimulated)
  }
}

/// The figures of finished work.
struct WorkFigures: Equatable {
  /// The phases, in order.
  var phases: [WorkLog.Phase]
  /// The time of the whole session.
  var elapsed: Duration
  /// Whether the times are simulated ones.
  var isSimulated: Bool

  /// The figures as members of a JSON object.
  var members: [JSONMember] {
    [
      JSONMember("seconds", .seconds(elapsed)),
      JSONMember("simulated", .boolean(isSimulated)),
      JSONMember(
        "phases",
        .array(
          phases.map { phase in
            .object([
              JSONMember("phase", .string(phase.phase.rawValue)), JSONMember("bytes", .integer(phase.byteCount)),
              JSONMember("seconds", .seconds(phase.duration)),
            ])
          })),
    ]
  }

  /// How long all of it took: "2.41 s of simulated time".
  ///
  /// What each phase took has been told when it ended.
  var text: String { elapsed.inWords + (isSimulated ? " of simulated time" : "") }
}
