public import Failures

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

  /// Everything that is not as it should be, the decisive finding first, each once.
  public var problems: [DiagnosisFinding] {
    guard let decisive else { return [] }
    var problems = [decisive]
    for finding in findings where finding.outcome == .failed || finding.outcome == .warning {
      // What has the same likeliest cause is the same problem, seen from another place.
      let isTold = problems.contains {
        $0 == finding || $0.causes.first != nil && $0.causes.first == finding.causes.first
      }
      if !isTold { problems.append(finding) }
    }
    return problems
  }

  /// What it comes to: every problem once, the decisive one first.
  public var verdict: String {
    guard decisive != nil else {
      return "nothing is wrong between this computer and the flash of the chip"
        + (isWritingTested ? "" : ", as far as reading tells")
    }
    return problems.map(DiagnosisReport.sentence).joined(separator: "; also ")
  }

  private static func sentence(_ finding: DiagnosisFinding) -> String {
    let summary = "\(finding.area.rawValue): \(finding.value)"
    guard let cause = finding.causes.first, !cause.isNamed(in: summary) else { return summary }
    return "\(summary); most likely \(cause.title)"
  }

  /// Whether a sector was erased and programmed.
  private var isWritingTested: Bool { findings.contains { $0.area == .sector && $0.outcome == .good } }

  /// What to do, likeliest first; empty where all is well and has been tested.
  public var remedies: [Advice] {
    guard let decisive else { return isWritingTested ? [] : [DiagnosisReport.writingTest] }
    var remedies = FailureReport.remedies(for: decisive.causes)
    for step in problems.dropFirst().compactMap({ $0.causes.first?.remedies.first }) where !remedies.contains(step) {
      remedies.append(step)
    }
    return remedies
  }

  private static let writingTest: Advice = """
    Where erasing or writing fails all the same, test a sector, which gets its content back\(.testSector, after: ": ")
    """
}
