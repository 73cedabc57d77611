import Engine
import ProbeInterface

/// One session with a target, from opening the probe to leaving everything in a stated condition.
struct TargetRun {
  /// What the command was told of probe and target.
  let options: SessionOptionGroup
  /// The width of erasing and programming; nil where the command does neither.
  var width: WidthOptions?
  /// What the core is to do in the end.
  let exit: CoreExit
  /// The world outside.
  let context: CommandContext

  /// A session that is open, and what has been seen of it so far.
  struct Bench {
    let session: TargetSession
    let device: Device
    let isSimulated: Bool
    let work: WorkLog
  }

  /// Opens a session, lets the body work with it, and closes it on every way out.
  ///
  /// The body's result is reported only after the session has been closed and everything that has to be kept is kept:
  /// nobody reads "written" before it is so.
  func callAsFunction(
    _ body: (Bench) throws(CommandFailure) -> any CommandResult
  ) throws(CommandFailure) {
    let opened = try options.openProbe(in: context)
    let result: any CommandResult
    do throws(CommandFailure) {
      result = try run(on: opened, body)
    } catch {
      throw finishing(opened, after: error)
    }
    try opened.finish()
    context.reporter.report(.result(result))
  }

  private func run(
    on opened: any OpenedProbe, _ body: (Bench) throws(CommandFailure) -> any CommandResult
  ) throws(CommandFailure) -> any CommandResult {
    let work = WorkLog(clock: opened.probe.clock)
    let reporter = context.reporter
    let session = TargetSession(
      probe: opened.probe, options: try options.sessionOptions(width, interruption: context.interruption)
    ) { event in
      work.record(event)
      reporter.report(.flash(event))
    }
    do throws(CommandFailure) {
      let device = try open(session, isSimulated: opened.isSimulated)
      let result = try body(
        Bench(session: session, device: device, isSimulated: opened.isSimulated, work: work))
      reporter.report(.closed(session.close(leaving: exit)))
      return result
    } catch {
      var failure = error
      let isOpen = session.probeDescription != nil
      let statement = session.close(leaving: exit)
      // A session that never opened has nothing to say beyond its error.
      if isOpen && statement.core != .unknown { failure.report.evidence += statement.lines }
      throw failure
    }
  }

  private func open(_ session: TargetSession, isSimulated: Bool) throws(CommandFailure) -> Device {
    defer {
      if let description = session.probeDescription {
        context.reporter.report(.probe(ProbeFacts(description, isSimulated: isSimulated)))
      }
    }
    try reporting { () throws(SessionError) in try session.open() }
    guard let device = session.device else {
      throw CommandFailure(FailureReport(.noTarget, "the target has not been identified"))
    }
    return device
  }

  /// Keeps what has to be kept after a failure; a failure of that is told beside the first one.
  private func finishing(_ opened: any OpenedProbe, after failure: CommandFailure) -> CommandFailure {
    var failure = failure
    do throws(CommandFailure) {
      try opened.finish()
    } catch {
      failure.report.evidence.append("in addition: \(error.report.summary)")
      failure.report.remedies += error.report.remedies
    }
    return failure
  }
}
