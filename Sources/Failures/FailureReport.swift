/// A failure as a user reads it: the cause first, then what shows it, then what to do.
///
/// Every error type turns into one; the command line renders it and takes the exit code from it.
public struct FailureReport: Sendable, Equatable {
  /// The class of the failure, which decides the exit code.
  public var category: FailureCategory
  /// The cause in one sentence, with the names and numbers that matter, without a final full stop.
  public var summary: String
  /// What was measured, read or tried: one fact a line.
  public var evidence: [String]
  /// What may be behind it, likeliest first; empty where the summary says all there is to say, as of a wrong command
  /// line.
  public var causes: [FailureCause]
  /// What to do about it, likeliest first: one step a line, in the imperative.
  public var remedies: [Advice]

  /// Makes a report; without remedies of its own it takes those of its causes.
  public init(
    _ category: FailureCategory, _ summary: String, evidence: [String] = [], causes: [FailureCause] = [],
    remedies: [Advice] = []
  ) {
    self.category = category
    self.summary = summary
    self.evidence = evidence
    self.causes = causes
    self.remedies = remedies.isEmpty ? FailureReport.remedies(for: causes) : remedies
  }

  /// The first line: what went wrong, and the likeliest cause where that is not the same.
  public var headline: String {
    guard let first = causes.first, !first.isNamed(in: summary) else { return summary }
    return "\(summary); most likely \(first.title)"
  }

  /// The causes that cannot be ruled out besides the likeliest, in words.
  public var alternatives: [String] { causes.dropFirst().map(\.title) }

  /// The measurements that tell the likeliest two causes from the others; empty where there is nothing to tell apart.
  public var decisions: [String] { causes.count > 1 ? causes.prefix(2).compactMap(\.check) : [] }

  /// All that the likeliest cause asks for, and the first step against each of the next two.
  package static func remedies(for causes: [FailureCause]) -> [Advice] {
    var remedies = causes.first?.remedies ?? []
    for step in causes.dropFirst().prefix(2).compactMap(\.remedies.first) where !remedies.contains(step) {
      remedies.append(step)
    }
    return remedies
  }
}

/// An error that can say its cause, its evidence and its remedy.
public protocol ReportableError: Error {
  /// The failure as a user reads it.
  var report: FailureReport { get }
}

extension FailureReport: ReportableError {
  /// Itself: a failure that is passed on as it is told.
  public var report: FailureReport { self }
}
