import Basics
public import Failures

extension AttachFailure {
  /// The failure as a user reads it: the last try's cause, everything that was tried, and what to check on this board.
  ///
  /// No chip id is ever shown here: after a failed command the probe's buffer holds bytes of something else.
  public var report: FailureReport {
    let inner = cause.ownReport
    var evidence = steps.map { "\($0.action): \($0.outcome)" } + inner.evidence
    evidence.append(supplyEvidence)
    if let finding = resetLineEvidence { evidence.append(finding) }
    let causes = self.evidence.symptom == .refuses ? inner.causes : self.evidence.causes
    var remedies = isSilent ? FailureReport.remedies(for: causes) : inner.remedies + [powerRemedy].compactMap { $0 }
    // A silent wire is looked at first; anything that answers is more easily reset.
    if steps.last?.action == AttachStep.coreResetAction, requestedMode == .hotPlug {
      remedies.insert("Connect without hot plug: the core is reset by RESETSYS then", at: 0)
    }
    if let resetRemedy { remedies.insert(resetRemedy, at: isSilent ? 1 : 0) }
    return FailureReport(
      inner.category, "cannot connect to the target: \(inner.summary)", evidence: evidence, causes: causes,
      remedies: remedies)
  }

  /// What a reset can still do: nothing where it was tried over a wired NRST.
  private var resetRemedy: Advice? {
    guard cause.resetMayHelp else { return nil }
    switch resetLine {
    case .wired: return nil
    case .notWired: return "Wire NRST to the probe: without it a target that sleeps or locks up cannot be caught"
    case .notTested: return hasTriedReset ? nil : Advice.connectUnderReset
    }
  }

  /// Whether nothing at all answered on SWD.
  private var isSilent: Bool { [.silent, .absent].contains(cause.fault?.kind) }

  private var supplyEvidence: String {
    guard let targetMillivolts else { return "target voltage: this probe cannot measure it" }
    return "target voltage: \(targetMillivolts.volts)"
  }

  private var resetLineEvidence: String? {
    switch resetLine {
    case .notTested: nil
    case .wired: "NRST reaches the target"
    case .notWired: "NRST does not reach the target: the core did not notice when it was pulled low"
    }
  }

  private var powerRemedy: Advice? {
    guard let targetMillivolts else { return "Check that the target has its supply" }
    let volts = targetMillivolts.volts
    if targetMillivolts < AttachFailure.lowestSupplyMillivolts {
      return "Power the target: its reference pin has \(volts), and it needs at least 1.8 V"
    }
    return nil
  }

  /// The least that every F2 and F4 line works at with all its supply supervision on (data sheets, VDD).
  private static let lowestSupplyMillivolts = 1800
}
