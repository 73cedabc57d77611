/// In which condition a session has left the target and the probe.
public struct ClosingStatement: Sendable, Equatable {
  /// What the core does now.
  public enum CoreState: String, Sendable {
    /// It runs from where it stood.
    case running
    /// It was reset and runs.
    case resetAndRunning
    /// It is halted.
    case halted
    /// It could not be brought into a known state.
    case unknown
  }

  /// What the core does now.
  public var core: CoreState
  /// Why it is not what was asked for; nil where it is.
  public var reason: String?
  /// What could not be brought in order, one sentence each.
  public var problems: [String]

  /// Whether everything is as asked.
  public var isClean: Bool { problems.isEmpty && reason == nil }

  /// The statement as text, one fact a line.
  public var lines: [String] {
    let state =
      switch core {
      case .running: "the core runs"
      case .resetAndRunning: "the core was reset and runs"
      case .halted: "the core is halted"
      case .unknown: "the core's state is not known"
      }
    return [state + (reason.map { ": \($0)" } ?? "")] + problems
  }
}
