/// A failure as a user reads it: the cause first, then what shows it, then what to do.
///
/// Every error type of the engine turns into one; the command line renders it and takes the exit code from it.
public struct FailureReport: Sendable, Equatable {
  /// The class of the failure, which decides the exit code.
  public var category: FailureCategory
  /// The cause in one sentence, with the names and numbers that matter, without a final full stop.
  public var summary: String
  /// What was measured, read or tried: one fact a line.
  public var evidence: [String]
  /// What to do about it, likeliest first: one step a line, in the imperative.
  public var remedies: [String]

  /// Makes a report.
  public init(_ category: FailureCategory, _ summary: String, evidence: [String] = [], remedies: [String] = []) {
    self.category = category
    self.summary = summary
    self.evidence = evidence
    self.remedies = remedies
  }
}

/// The class of a failure; each has an exit code of its own.
public enum FailureCategory: String, Sendable, CaseIterable {
  /// The command line cannot be carried out as it stands.
  case usage
  /// A file cannot be read or written, or does not hold what its format demands.
  case file
  /// No probe is there, or more than one and no choice.
  case noProbe
  /// The operating system does not let us open the probe.
  case permission
  /// The probe does not do what it should: transfers fail, wrong mode, too old.
  case probe
  /// The probe works and no target answers behind it, or not the one that is asked for.
  case noTarget
  /// The target refuses because something in it is protected.
  case protected
  /// Erasing or programming went wrong.
  case flash
  /// The chip does not hold the bytes that it should.
  case verify
  /// A replayed session parted from its recording.
  case trace
  /// Something took longer than it may.
  case timeout
  /// Somebody asked to stop.
  case interrupted
}

/// An error that can say its cause, its evidence and its remedy.
public protocol ReportableError: Error {
  /// The failure as a user reads it.
  var report: FailureReport { get }
}
