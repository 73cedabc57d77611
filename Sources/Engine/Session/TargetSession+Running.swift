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
      try SessionError.wrapping { () throws(DebugError) in try letProgramRun(attachment, options) }
    }
    let swo = try listen(options.swo, link, device, told)
    return try SessionError.wrapping { () throws(DebugError) in
      let run = try ProgramRun(
        link, device, options, earlierResets: custody.earlierResets,
        reconnect: { () throws(DebugError) in try link.enter() }, otherVoices: [swo].compactMap(\.self), told: told)
      custody.hasBegunToRun()
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
      var report = RunReport(
        end: end, duration: run.duration, semihostingCallCount: run.semihostingCallCount, remarks: [])
      try leave(run, end, leaving(end))
      report.remarks = run.remarks
      return report
    }
  }

  private func listen(
    _ options: SWOOptions?, _ link: STLink, _ device: Device, _ told: @escaping (RunEvent) -> Void
  ) throws(SessionError) -> (any ProgramVoice)? {
    guard let options else { return nil }
    do throws(SWOError) {
      return try SWOVoice(link, capture: link, device: device, options: options, told: told)
    } catch {
      throw .trace(error)
    }
  }

  /// Sees to it that a program runs which is only to be listened to, and remembers what it has to be given back.
  private func letProgramRun(_ attachment: Attachment, _ options: RunOptions) throws(DebugError) {
    if let unit = custody.unit {
      // The way in which it was reached has stopped it. What reaches it in its sleep stays until the session closes, but
      // where it is to notice nothing.
      try unit.letGo(
        attachment.link, startsAnew: custody.isAtResetVector, keepsConfiguration: options.takesHalts)
      if !options.takesHalts { custody.unit = nil }
    } else if options.takesHalts {
      custody.unit = try attachment.observe()
    }
    try noteEarlierResets(attachment.link)
  }

  private func leave(_ run: ProgramRun, _ end: ProgramEnd, _ leaving: RunLeaving) throws(DebugError) {
    if case .lostPower = end { return }
    try run.finish()
    if leaving == .running {
      // One that noticed nothing goes on without noticing anything.
      custody.leavingAfterRun = custody.unit == nil ? .asFound : .running
      try run.stepOverCall()
      return
    }
    if custody.unit == nil { custody.unit = try custody.attachment?.observe() }
    custody.leavingAfterRun = leaving == .halted ? .halted : .running
    if leaving == .halted { try custody.attachment?.core.halt() } else { custody.mustStartAnew() }
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
