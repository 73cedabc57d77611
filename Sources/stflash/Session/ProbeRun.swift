import Engine
import Failures

/// One run with a link, the same for every verb: work, let the firmware run on, keep what has to be kept, report.
struct ProbeRun {
  /// The link, with log and recorder in front of it where they are asked for.
  let opened: any OpenedLink
  /// The world outside.
  let context: CommandContext

  /// What the work has come to.
  struct Outcome {
    /// What is told.
    var result: any CommandResult
    /// What the run fails with all the same.
    var failure: CommandFailure?
    /// Whether the result is told although something could not be kept.
    var isToldInAnyCase = false

    /// Takes note of a failure; one that is there already stays the cause.
    mutating func add(_ other: CommandFailure) {
      if failure == nil { failure = other } else { failure?.add(other) }
    }
  }

  /// Carries out the work, and ends the run on every way out.
  ///
  /// The result is reported only after everything that has to be kept is kept: nobody reads "written" before it is so.
  func callAsFunction(_ work: () throws(CommandFailure) -> Outcome) throws(CommandFailure) {
    var outcome: Outcome
    do throws(CommandFailure) {
      outcome = try work()
    } catch {
      var failure = opened.explained(error)
      do throws(CommandFailure) { try opened.finish() } catch let second { failure.add(second) }
      throw failure
    }
    let firmware = opened.runFirmware(context.interruption)
    do throws(CommandFailure) {
      try opened.finish()
    } catch {
      guard outcome.isToldInAnyCase else { throw error }
      outcome.add(error)
    }
    context.reporter.report(.result(outcome.result))
    if let firmware { context.reporter.report(.result(firmware)) }
    if let failure = outcome.failure { throw failure }
  }
}

extension CommandFailure {
  /// Tells another failure beside this one, which stays the cause; nothing where both are one.
  mutating func add(_ other: CommandFailure) {
    guard other.report.summary != report.summary else { return }
    report.evidence.append("in addition: \(other.report.summary)")
    report.remedies += other.report.remedies
  }
}
