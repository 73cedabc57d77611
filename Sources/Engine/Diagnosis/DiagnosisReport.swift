/// Everything that a diagnosis found, and what follows from it.
public struct DiagnosisReport: Sendable, Equatable {
  /// What was found, in the order of the walk.
  public var findings: [DiagnosisFinding]

  /// Makes a report.
  public init(findings: [DiagnosisFinding]) {
    self.findings = findings
  }

  /// The finding that decides: the first failure, else the first warning; nil where all is well.
  public var decisive: DiagnosisFinding? {
    findings.first { $0.outcome == .failed } ?? findings.first { $0.outcome == .warning }
  }

  /// The first failure as a failure of the command; nil where nothing failed.
  public var failure: FailureReport? {
    guard let finding = findings.first(where: { $0.outcome == .failed }) else { return nil }
    return FailureReport(
      finding.category ?? .noTarget, "\(finding.area.rawValue): \(finding.value)", causes: finding.causes)
  }

  /// What it comes to, in one sentence.
  public var verdict: String {
    guard let decisive else { return "nothing is wrong between this computer and the flash of the chip" }
    let summary = "\(decisive.area.rawValue): \(decisive.value)"
    guard let cause = decisive.causes.first, !cause.isNamed(in: summary) else { return summary }
    return "\(summary); most likely \(cause.title)"
  }

  /// What to do, likeliest first; empty where all is well.
  public var remedies: [String] {
    FailureReport.remedies(for: decisive?.causes ?? [])
  }
}
