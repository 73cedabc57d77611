import Basics
import Failures
import LinkInterface

// Supply, wires and reset line.
extension Diagnosis {
  /// How often constant words are read at each clock.
  private static let readCount = 64

  func examineSupply(_ link: STLink) throws(DebugError) {
    guard let millivolts else {
      note(DiagnosisFinding(.supply, .warning, "this probe cannot measure the target's voltage"))
      return
    }
    let text = millivolts.volts
    if millivolts < 1600 {
      note(
        DiagnosisFinding(
          .supply, .warning, "\(text) at the reference pin, at which no chip runs",
          causes: [.referenceOpen, .targetUnpowered]))
    } else if millivolts < 1800 {
      note(DiagnosisFinding(.supply, .warning, "\(text): too low for most chips", causes: [.supplyLow, .brownOut]))
    } else if millivolts < Parallelism.x32.minimumMillivolts {
      let width = Parallelism.widest(at: millivolts)
      note(DiagnosisFinding(.supply, .good, "\(text): erases and programs at \(width.name) only, which is slow"))
    } else {
      note(DiagnosisFinding(.supply, .good, text))
    }
  }

  /// Looks for the target at falling clocks, then under reset, and counts errors.
  ///
  /// - Returns: the hold on the target; nil where nothing got hold of it.
  func examineWires(_ link: STLink) throws(DebugError) -> Attachment? {
    let attachment: Attachment
    do throws(DebugError) {
      attachment = try Attach.run(link, mode: .hotPlug)
    } catch {
      guard error.isOfTheTarget else { throw error }
      return try reachByReset(link, after: error)
    }
    try noteQuality(link)
    return attachment
  }

  private func reachByReset(_ link: STLink, after failure: DebugError) throws(DebugError) -> Attachment? {
    guard options.mayReset else {
      note(DiagnosisFinding(.wires, failedWith: failure.report))
      return nil
    }
    do throws(DebugError) {
      let attachment = try Attach.run(link, mode: .underReset)
      if attachment.report.steps.contains(where: { $0.action == AttachStep.coreResetAction && $0.hasWorked }) {
        note(
          DiagnosisFinding(
            .wires, .warning, "answered no access until the core was reset by RESETSYS: \(failure.report.summary)",
            causes: [.probeWedged]))
      } else {
        note(
          DiagnosisFinding(
            .wires, .warning, "answers under reset only: \(failure.report.summary)",
            causes: Diagnosis.programCauses(of: failure)))
      }
      note(attachment.report.resetLine.finding)
      try noteQuality(link)
      return attachment
    } catch {
      guard error.isOfTheTarget else { throw error }
      note(DiagnosisFinding(.wires, failedWith: error.report))
      return nil
    }
  }

  /// What a program does that is reached under reset only: pins that are taken answer nothing at all, a core that sleeps
  /// still has a debug port that answers.
  private static func programCauses(of failure: DebugError) -> [FailureCause] {
    guard case .attachFailed(let attempt) = failure, attempt.evidence.symptom != .silent else {
      return [.pinsReused, .sleeps]
    }
    return [.sleeps, .pinsReused]
  }

  /// Catches a chip that is reset again and again under reset, so that the rest of it can be looked at.
  ///
  /// - Returns: the hold on the halted chip; nil where it cannot be caught or may not be reset.
  func holdInQuiet(_ link: STLink) throws(DebugError) -> Attachment? {
    guard options.mayReset else { return nil }
    do throws(DebugError) {
      return try Attach.run(link, mode: .underReset)
    } catch {
      guard error.isOfTheTarget else { throw error }
      return nil
    }
  }

  /// Counts errors at the clock in use and, as long as there are any, at the next lower one, which stays set.
  private func noteQuality(_ link: STLink) throws(DebugError) {
    for reduction in link.clockReductions {
      note(
        DiagnosisFinding(.wires, .warning, "\(reduction.fromKHz.frequency): \(reduction.reason)", causes: [.badCable]))
    }
    var lowerClocks = link.lowerClocksKHz[...]
    while true {
      guard let quality = try link.measureQuality(readCount: Diagnosis.readCount) else {
        let isNoisy = findings.contains { $0.area == .wires && $0.causes.first == .badCable }
        note(
          DiagnosisFinding(
            .wires, .warning, "the CoreSight ROM table cannot be read",
            causes: isNoisy ? [.badCable] : [.cloneChip, .sleeps]))
        return
      }
      let nextClock = quality.isClean ? nil : lowerClocks.popFirst()
      note(finding(of: quality, isLast: nextClock == nil))
      guard let nextClock else { return }
      do throws(DebugError) {
        try link.connect(atKHz: nextClock)
      } catch {
        // The wires that garble the rest may garble this; each read that fails connects anew.
        guard error.isOfTheTarget else { throw error }
      }
    }
  }

  private func finding(of quality: LinkQuality, isLast: Bool) -> DiagnosisFinding {
    let text = (quality.clockKHz.map { "\($0.frequency): " } ?? "") + quality.summary
    if quality.isClean { return DiagnosisFinding(.wires, .good, text) }
    return DiagnosisFinding(
      .wires, isLast ? .failed : .warning, text, causes: [.badCable], category: isLast ? .noTarget : nil)
  }

  /// Pulls NRST and looks whether the core notices; the program starts anew by that.
  func examineResetLine(_ core: CoreControl) throws(DebugError) {
    guard options.mayReset else {
      note(DiagnosisFinding(.resetLine, .skipped, "not pulled: the target is not to be touched"))
      return
    }
    do throws(DebugError) {
      note((try core.pulseResetLine() ? ResetLineFinding.wired : .notWired).finding)
    } catch {
      guard error.isOfTheTarget else { throw error }
      note(
        DiagnosisFinding(
          .resetLine, .warning, "after a pulse on NRST the target does not answer any more: \(error.report.summary)",
          causes: [.pinsReused, .sleeps]))
    }
  }
}

extension ResetLineFinding {
  /// The line as a step of the diagnosis.
  var finding: DiagnosisFinding {
    switch self {
    case .wired: DiagnosisFinding(.resetLine, .good, "reaches the chip")
    case .notWired:
      DiagnosisFinding(
        .resetLine, .warning, "does not reach the chip: the core does not notice when it is pulled",
        causes: [.resetOpen])
    case .notTested: DiagnosisFinding(.resetLine, .skipped, "not tested")
    }
  }
}
