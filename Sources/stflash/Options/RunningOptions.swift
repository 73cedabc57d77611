import ArgumentParser
import Engine
import Failures

/// What is expected of the program that a command lets run in the end.
struct RunningOptions: ParsableArguments {
  @Flag(help: "Fail, with an exit code of its own, where the program does not run in the end.")
  var expectRunning = false

  /// The failure of a program that does not run although that was expected; nil where it runs or nobody asked.
  func failure(of statement: ClosingStatement) -> CommandFailure? {
    guard expectRunning else { return nil }
    guard let program = statement.program else {
      return CommandFailure(
        FailureReport(
          .notRunning, "nobody knows whether the program runs: the core was not let go", evidence: statement.lines))
    }
    guard !program.isRunning else { return nil }
    return CommandFailure(
      FailureReport(.notRunning, "the program does not run: \(program.text)", causes: program.causes))
  }
}
