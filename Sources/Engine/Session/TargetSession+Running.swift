import Failures
import LinkInterface

// Running a program and listening to it.
extension TargetSession {
  /// Lets the chip's program run, and listens to it until it ends; `close` leaves the core as asked then.
  ///
  /// With `startsAnew` the chip is reset and its program begins; else the program that runs is only listened to, and its
  /// core is not halted, but for a semihosting call.
  ///
  /// - Parameters:
  ///   - leaving: what the core is to do afterwards, by how the run has ended.
  ///   - told: is told what the program says, in the course of the call.
  /// - Throws: `SessionError.access` when the link fails. A request to stop is an end and no error.
  public func run(
    _ options: RunOptions, leaving: (ProgramEnd) -> RunLeaving, told: @escaping (RunEvent) -> Void
  ) throws(SessionError) -> RunReport {
    let link = try openLink()
    guard let device, let attachment = custody.attachment else { throw .notOpen }
    if options.startsAnew {
      try reset()
    } else {
      if custody.unit == nil {
        custody.unit = try SessionError.wrapping { () throws(DebugError) in try attachment.observe() }
      }
      try SessionError.wrapping { () throws(DebugError) in try noteEarlierResets(link) }
    }
    return try SessionError.wrapping { () throws(DebugError) in
      let run = try ProgramRun(
        link, device, options, earlierResets: custody.earlierResets,
        reconnect: { () throws(DebugError) in try link.enter() }, told: told)
      if options.startsAnew { custody.hasBegunToRun() }
      let end: ProgramEnd
      do throws(DebugError) {
        end = try run.run(isHalted: options.startsAnew)
      } catch {
        link.channel.ignoreInterruption()
        // The link's failure is the news; what cannot be put back then is told by `close`.
        try? run.finish()
        throw error
      }
      link.channel.ignoreInterruption()
      let report = RunReport(
        end: end, duration: run.duration, semihostingCallCount: run.semihostingCallCount, remarks: run.remarks)
      try leave(run, end, leaving(end))
      return report
    }
  }

  private func leave(_ run: ProgramRun, _ end: ProgramEnd, _ leaving: RunLeaving) throws(DebugError) {
    if case .lostPower = end { return }
    custody.leavingAfterRun = leaving == .halted ? .halted : .running
    try run.finish()
    switch leaving {
    case .running: try run.stepOverCall()
    case .halted: try custody.attachment?.core.halt()
    case .reset: custody.mustStartAnew()
    }
  }
}

/// What a program's core does after a run.
public enum RunLeaving: String, Sendable, CaseIterable {
  /// It goes on, on its own.
  case running = "run"
  /// It stays where it is.
  case halted = "halt"
  /// It begins anew.
  case reset
}
