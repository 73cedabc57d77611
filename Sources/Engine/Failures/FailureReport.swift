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
  /// What may be behind it, likeliest first; empty where the summary says all there is to say, as of a wrong command
  /// line.
  public var causes: [FailureCause]
  /// What to do about it, likeliest first: one step a line, in the imperative.
  public var remedies: [String]

  /// Makes a report; without remedies of its own it takes those of its causes.
  public init(
    _ category: FailureCategory, _ summary: String, evidence: [String] = [], causes: [FailureCause] = [],
    remedies: [String] = []
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
  static func remedies(for causes: [FailureCause]) -> [String] {
    var remedies = causes.first?.remedies ?? []
    for step in causes.dropFirst().prefix(2).compactMap(\.remedies.first) where !remedies.contains(step) {
      remedies.append(step)
    }
    return remedies
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
  /// Erasing or programming went wrong, or what the flash answers cannot be believed.
  case flash
  /// The chip does not hold the bytes that it should.
  case verify
  /// Everything was done, and the program does not run as was expected.
  case notRunning
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
