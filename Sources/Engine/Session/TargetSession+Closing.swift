import Failures
import LinkInterface

// Letting go.
extension TargetSession {
  /// Leaves the target and the probe in a stated condition; never throws, and may be called twice.
  ///
  /// A core whose flash holds half of a firmware stays halted, whatever is asked for; one whose flash has changed is
  /// reset, and caught, before it runs. The write that lets the core run is the last one.
  ///
  /// - Parameter leaving: what the core is to do; nil to leave it as the way of attaching suggests: untouched after a hot
  ///   plug, else running.
  @discardableResult
  public func close(leaving: CoreLeaving? = nil) -> ClosingStatement {
    var statement = ClosingStatement(core: nil, reason: nil, wasReset: false, problems: [])
    guard let link = stlink else { return statement }
    stlink = nil
    link.channel.ignoreInterruption()
    if let attachment = custody.attachment {
      leave(attachment, leaving, &statement)
    } else {
      statement.reason = "the target was not reached"
    }
    do throws(DebugError) {
      try link.close()
    } catch {
      statement.problems.append("the probe could not be left clean: \(error.report.summary)")
    }
    if let warning = link.repetitionWarning { observer(.warning(Advice(warning))) }
    custody = CoreCustody()
    return statement
  }

  /// How often, and how far apart, a program that has just been started is looked at.
  private static let lookCount = 5
  private static let lookPause: Duration = .milliseconds(10)

  /// Looks at what becomes of the program; only reads.
  private func look(
    _ link: STLink, hasStarted: Bool, _ statement: inout ClosingStatement
  ) throws(DebugError) {
    guard let device, let protection else { return }
    let observer = ProgramObserver(link: link, millivolts: millivolts, earlierResets: custody.earlierResets)
    let seen = try observer.look(count: hasStarted ? TargetSession.lookCount : 0, pause: TargetSession.lookPause)
    statement.program = try observer.complete(seen, device, protection).verdict
    statement.core = seen.status
  }

  /// Locks a flash controller that was left open because the target did not answer; it may do so again.
  private func lockLate(_ link: STLink, _ statement: inout ClosingStatement) {
    guard let device else { return }
    do throws(FlashError) {
      _ = try FlashError.wrapping("connecting anew") { () throws(DebugError) in try link.enter() }
      try FlashController(access: link, map: device.sectorMap).lockLate()
    } catch {
      statement.problems.append("the flash controller is left unlocked: \(error.report.summary)")
    }
  }

  private func leave(_ attachment: Attachment, _ asked: CoreLeaving?, _ statement: inout ClosingStatement) {
    var leaving = asked ?? custody.leavingAfterRun ?? (custody.unit == nil ? .asFound : .running)
    if custody.flash == .broken && leaving != .halted {
      leaving = .halted
      statement.reason = "its flash holds no complete firmware"
    }
    do throws(DebugError) {
      try stopLoader()
      let mustReset = leaving == .running && custody.flash == .changed || custody.needsReset && custody.flash != .broken
      if mustReset && leaving != .asFound {
        try attachment.core.resetAndHalt()
        custody.hasBeenReset()
        statement.wasReset = true
      } else {
        try custody.reads?.restore()
        if custody.banks == .putInPlace { try BankSwap.set(true, over: attachment.link) }
      }
    } catch {
      statement.problems.append("the target could not be left as asked: \(error.report.summary)")
      // What a loader has left must not run.
      if custody.needsReset { leaving = .halted }
    }
    if custody.isControllerOpen { lockLate(attachment.link, &statement) }
    do throws(DebugError) {
      // With its clocks off again a core that sleeps most of the time cannot be looked at.
      let isSeenBefore = leaving == .asFound && attachment.controlBefore != nil
      if isSeenBefore { try look(attachment.link, hasStarted: false, &statement) }
      let core = try attachment.detach(leaving, custody.unit, startsAnew: custody.isAtResetVector).core
      statement.core = core ?? statement.core
      if leaving != .halted && !isSeenBefore {
        try look(attachment.link, hasStarted: leaving == .running && custody.isAtResetVector, &statement)
      }
    } catch {
      statement.problems.append("the target's state is not known: \(error.report.summary)")
    }
  }
}
