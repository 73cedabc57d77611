import Failures
import LinkInterface

// The core and the program that it executes; only looked at.
extension Diagnosis {
  /// How often, and how long apart, the core is looked at to see whether it is reset again and again.
  private static let lookCount = 25
  private static let lookPause: Duration = .milliseconds(20)

  /// Looks at the core; nil where its registers cannot be read, which is told at once.
  func lookAtCore(_ link: STLink) throws(DebugError) -> ProgramEvidence? {
    let core = CoreControl(link)
    do throws(DebugError) {
      // The first look clears what an earlier reset has left.
      _ = try core.status()
      var evidence = try ProgramObserver(link: link).look(count: Diagnosis.lookCount, pause: Diagnosis.lookPause)
      // The flags are evidence only: a chip that hides them is no worse for it.
      evidence.resetFlags = try? link.read(ResetFlags.self)
      if evidence.status == nil { _ = try core.status() }
      return evidence
    } catch {
      guard error.isOfTheTarget else { throw error }
      note(
        DiagnosisFinding(
          .core, .failed, "its debug registers cannot be read: \(error.report.summary)",
          causes: error.report.causes, category: error.report.category))
      return nil
    }
  }

  /// Tells what was seen of the core, with what the flash says of its program.
  func noteCore(_ evidence: ProgramEvidence, _ link: STLink, _ reads: FlashReads) throws(DebugError) {
    var evidence = evidence
    evidence.timing = reads.culprit
    evidence.isHeldSince = reads.doubt == nil
    evidence.contents = contents
    if let device, let protection, !evidence.keepsBeingReset {
      evidence = try ProgramObserver(link: link, millivolts: millivolts).complete(evidence, device, protection)
    }
    note(coreFinding(evidence))
  }

  func coreFinding(_ evidence: ProgramEvidence) -> DiagnosisFinding {
    let look = evidence.verdict
    let names = evidence.resetFlags?.names ?? []
    let since = names.isEmpty ? "" : "; reset flags \(names.joined(separator: " "))"
    switch look.condition {
    case .heldInReset:
      return DiagnosisFinding(.core, .failed, look.text, causes: look.causes, category: .timeout)
    case .lockedUp where contents == .blank:
      return DiagnosisFinding(.core, .good, "locked up, as a chip without a program is\(since)")
    case .sleeping:
      return DiagnosisFinding(.core, .good, "sleeping, with its debug clocks on\(since)")
    default:
      return DiagnosisFinding(
        .core, look.isRunning || look.condition == .halted ? .good : .warning, look.text + since,
        causes: look.causes)
    }
  }

  /// Tells what an earlier debugging session has left, where there is something.
  func examineRemains(_ attachment: Attachment) throws(DebugError) {
    do throws(DebugError) {
      let unit: DebugUnit
      if let held = attachment.unit { unit = held } else { unit = try DebugUnit.observe(attachment.link) }
      let remains = try DebuggerRemains.find(attachment.link, unit: unit)
      // The controller has a finding of its own.
      guard let warning = remains.ofDebugUnit.warning else { return }
      note(
        DiagnosisFinding(
          .core, .warning, warning, causes: remains.hasBreakpoints ? [.breakpointLeft] : [.programDisturbs]))
    } catch {
      guard error.isOfTheTarget else { throw error }
    }
  }
}
