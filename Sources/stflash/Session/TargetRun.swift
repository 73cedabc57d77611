import Engine
import Failures
import LinkInterface

/// One session with a target, from opening the link to leaving everything in a stated condition.
struct TargetRun {
  /// What the command was told of probe and target.
  let options: SessionChoices
  /// The width of erasing and programming; nil where the command does neither.
  var width: WidthOptions?
  /// How the target is reached where the user does not say.
  var usualMode = AttachMode.automatic
  /// What the core is to do in the end; nil for what suits the way in which it was reached.
  var leaving: CoreLeaving?
  /// What is expected of the program in the end; nil where nothing can be.
  var running: RunningOptions?
  /// Whether a flash without a vector table is told of; not where it is about to be written.
  var surveysFlash = true
  /// Whether the probe is told of when it has been opened; not where the result itself describes it.
  var announcesProbe = true
  /// The world outside.
  let context: CommandContext

  /// A session that is open, and what has been seen of it so far.
  struct Bench {
    let session: any ProgrammableTarget
    let device: Device
    let isSimulated: Bool
    let work: WorkLog
    /// What leads to the chip.
    let link: any OpenedLink
  }

  /// Opens a session, lets the body work with it, and closes it on every way out.
  func callAsFunction(
    _ body: (Bench) throws(CommandFailure) -> any CommandResult
  ) throws(CommandFailure) {
    let opened = try options.openLink(in: context)
    try ProbeRun(opened: opened, context: context).callAsFunction { () throws(CommandFailure) in
      let (result, statement) = try work(on: opened, body)
      return ProbeRun.Outcome(result: result, failure: running?.failure(of: statement) ?? result.failure)
    }
  }

  private func work(
    on opened: any OpenedLink, _ body: (Bench) throws(CommandFailure) -> any CommandResult
  ) throws(CommandFailure) -> (any CommandResult, ClosingStatement) {
    let work = WorkLog(clock: opened.clock)
    let reporter = context.reporter
    let session = opened.makeTarget(
      try options.sessionOptions(
        width, usualMode: usualMode, surveysFlash: surveysFlash, interruption: context.interruption)
    ) { event in
      work.record(event)
      reporter.report(.flash(event))
    }
    do throws(CommandFailure) {
      let device = try open(session, on: opened)
      let result = try body(
        Bench(session: session, device: device, isSimulated: opened.isSimulated, work: work, link: opened))
      let statement = session.close(leaving: leaving)
      reporter.report(.closed(statement))
      return (result.completed(by: statement), statement)
    } catch {
      var failure = error
      let isReached = session.isReached
      let statement = session.close(leaving: leaving)
      // A target that was never reached has no state beyond what the error says.
      if isReached { failure.report.evidence += statement.lines }
      throw failure
    }
  }

  private func open(_ session: any ProgrammableTarget, on opened: any OpenedLink) throws(CommandFailure) -> Device {
    defer { note(session, on: opened) }
    do throws(CommandFailure) {
      try reporting { () throws(SessionError) in try session.open() }
      guard let device = session.device else {
        throw CommandFailure(FailureReport(.noTarget, "the target has not been identified"))
      }
      if announcesProbe { announceLink(of: session, isSimulated: opened.isSimulated) }
      if options.probe.freq != nil, case .probe(let probe)? = session.link, let remark = probe.clock.remark {
        context.reporter.report(.warning(remark))
      }
      return device
    } catch {
      // Which probe it was matters most when its target cannot be reached.
      announceLink(of: session, isSimulated: opened.isSimulated)
      throw error
    }
  }

  /// Tells a recording what has been found out.
  private func note(_ session: any ProgrammableTarget, on opened: any OpenedLink) {
    if case .probe(let probe)? = session.link { opened.note(RecordingKey.firmware, probe.firmware.description) }
    if let chip = session.device?.name { opened.note(RecordingKey.chip, chip) }
  }

  private func announceLink(of session: any ProgrammableTarget, isSimulated: Bool) {
    guard let link = session.link else { return }
    context.reporter.report(.link(link.facts(isSimulated: isSimulated)))
  }
}

extension TargetRun.Bench {
  /// The session with a debug port, for what only one can do.
  ///
  /// - Parameter work: what that is, as the end of a sentence: "read single words".
  func debugSession(to work: String) throws(CommandFailure) -> TargetSession {
    guard let session = session as? TargetSession else {
      throw CommandFailure(SessionError.unavailable(.byBootloader(work)))
    }
    return session
  }
}
