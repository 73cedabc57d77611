import Basics
import Engine
import Failures

/// Runs the tests of a program one after the other, each from a reset of its own, as Rust's test programs report them.
struct EmbeddedTestRun {
  /// How long a test may take that does not say it itself.
  private static let usualTimeLimit: Duration = .seconds(60)

  let listener: ProgramListener
  let ending: EndingOptions
  let chosen: [EmbeddedTest]
  let filteredCount: Int
  let options: TestingOptions
  let reporter: any Reporter

  func run(_ session: TargetSession, _ bench: TargetRun.Bench) throws(CommandFailure) -> TestsResult {
    var outcomes: [TestsResult.Outcome] = []
    reporter.report(.heading("running \(chosen.count.of("test"))"))
    for test in chosen {
      let outcome = try options.runs(test) ? run(test, session, bench) : TestsResult.Outcome(test.name, .ignored)
      reporter.report(.result(outcome))
      outcomes.append(outcome)
    }
    return TestsResult(outcomes: outcomes, filteredCount: filteredCount)
  }

  private func run(
    _ test: EmbeddedTest, _ session: TargetSession, _ bench: TargetRun.Bench
  ) throws(CommandFailure) -> TestsResult.Outcome {
    let report = try listener.listen(
      session, bench, commandLine: test.commandLine,
      timeLimit: ending.timeout ?? test.timeLimit ?? Self.usualTimeLimit, leaving: .halted)
    if report.end == .interrupted {
      throw CommandFailure(FailureReport(.interrupted, "stopped on request in the test \(test.name)"))
    }
    // Only who gives up has panicked; a fault is never what was meant.
    if case .exited(let exit) = report.end, (exit.status != 0) == test.shouldPanic {
      return TestsResult.Outcome(test.name, .passed, report.duration)
    }
    let result = RunResult(
      report: report, leaving: .halted, deviceName: bench.device.name, symbols: listener.symbols)
    let reason = result.failure.map { [$0.report.headline] + $0.report.evidence } ?? result.lines
    return TestsResult.Outcome(
      test.name, .failed, report.duration,
      reason: test.shouldPanic && result.failure == nil ? ["it did not panic, which it should have"] : reason)
  }
}
