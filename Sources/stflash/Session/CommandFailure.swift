import Engine
import Failures

/// Any failure of a command, as it will be shown; what every layer's own error turns into here.
struct CommandFailure: Error, Equatable {
  /// The failure as a user reads it.
  var report: FailureReport

  /// Makes a failure of a report.
  init(_ report: FailureReport) {
    self.report = report
  }

  /// Makes a failure of another layer's error.
  init(_ error: some ReportableError) {
    report = error.report
    if case .device(.unknownChip)? = error as? SessionError {
      report.remedies.append("A copy is named by both of: --chip stm32f407vg --force-chip")
    }
  }

  /// A command line that cannot be carried out as it stands.
  static func usage(_ summary: String, evidence: [String] = [], remedies: [Advice] = []) -> CommandFailure {
    CommandFailure(FailureReport(.usage, summary, evidence: evidence, remedies: remedies))
  }
}

/// Runs something of another layer and turns its error into a command's.
func reporting<Result, Failure: ReportableError>(
  _ body: () throws(Failure) -> Result
) throws(CommandFailure) -> Result {
  do throws(Failure) {
    return try body()
  } catch {
    throw CommandFailure(error)
  }
}
