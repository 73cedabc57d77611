import Basics
public import Failures

/// Why the trace stream cannot be received.
public enum SWOError: Error, Sendable, Equatable {
  /// An access to the probe or the target failed.
  case access(DebugError)
  /// The rate is above what the receiver follows.
  case tooFast(wanted: Int, fastest: Int)
  /// The rate is below what HCLK can be divided to.
  case tooSlow(wanted: Int, clockHertz: Int)
}

extension SWOError: ReportableError {
  /// The failure as a user reads it.
  public var report: FailureReport {
    switch self {
    case .access(let error): error.report
    case .tooFast(let wanted, let fastest):
      FailureReport(
        .usage, "the probe cannot receive SWO at \(wanted) baud",
        evidence: ["its fastest rate is \(fastest) baud"], remedies: ["Ask for \(fastest) baud or less"])
    case .tooSlow(let wanted, let clockHertz):
      FailureReport(
        .usage, "the chip cannot send SWO at \(wanted) baud",
        evidence: [
          "HCLK is \((clockHertz / 1000).frequency), which is divided by \(TraceRate.largestDivisor) at the most"
        ],
        remedies: ["Ask for \(clockHertz / TraceRate.largestDivisor + 1) baud or more"])
    }
  }
}
