import ArgumentParser
import Engine

/// What ends a run, and how the chip is left then.
struct EndingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Succeed as soon as the program says this: the text as it stands, or an extended regular expression; may be repeated.",
      valueName: "text"))
  var until: [String] = []

  @Option(
    help: ArgumentHelp("Fail as soon as the program says this, as --until; may be repeated.", valueName: "text"))
  var failOn: [String] = []

  @Option(
    help: ArgumentHelp(
      "Fail when the program has not ended within this time, such as 10s; simulated time on a simulated chip.",
      valueName: "time"),
    transform: SimulatedTime.duration)
  var timeout: Duration?

  @Option(
    help: ArgumentHelp(
      "What a reset means that the program, a watchdog or a button makes: end or continue. end for 'run', continue for "
        + "'attach'.", valueName: "meaning"))
  var onReset: ResetChoice?

  @Flag(help: "Let the program handle hard faults itself instead of stopping there and reporting them.")
  var noCatch = false

  @Option(
    help: ArgumentHelp(
      "How the chip is left: run, halt or reset. halt where the program has ended or faulted, else run.",
      valueName: "state"))
  var then: LeavingChoice?

  func validate() throws {
    if (until + failOn).contains("") { throw ValidationError("An empty text is in every line.") }
    if timeout == .zero { throw ValidationError("--timeout 0 leaves the program no time.") }
  }

  /// The texts that end the run.
  var watches: [OutputWatch] {
    failOn.map { OutputWatch($0, .failure, isIn: TextPattern($0).isIn) }
      + until.map { OutputWatch($0, .success, isIn: TextPattern($0).isIn) }
  }

  /// How the core is left after a run that has ended so.
  func leaving(after end: ProgramEnd) -> RunLeaving {
    if let then { return then.leaving }
    switch end {
    case .exited, .faulted, .lockedUp, .halted: return .halted
    case .said, .failed, .timedOut, .reset, .lostPower, .interrupted: return .running
    }
  }
}

/// What a reset means.
enum ResetChoice: String, ExpressibleByArgument, CaseIterable {
  case end
  case `continue`

  /// The same for the engine.
  var meaning: RunOptions.ResetMeaning { self == .end ? .end : .note }
}

/// How a chip is left.
enum LeavingChoice: String, ExpressibleByArgument, CaseIterable {
  case run
  case halt
  case reset

  /// The same for the engine.
  var leaving: RunLeaving {
    switch self {
    case .run: .running
    case .halt: .halted
    case .reset: .reset
    }
  }
}
