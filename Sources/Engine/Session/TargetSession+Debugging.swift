import Failures
import LinkInterface

// A debugger's way to the core, and what has to be given back for it.
extension TargetSession {
  /// Makes a debugger for the chip of this session; the core is not touched before it attaches.
  ///
  /// - Parameter told: is told what the program says and what happens, in the course of the debugger's calls.
  public func startDebugging(
    _ options: DebuggerOptions, told: @escaping (DebuggerEvent) -> Void
  ) throws(SessionError) -> Debugger {
    let link = try openLink()
    guard let device else { throw .notOpen }
    return Debugger(self, link, device, options, told: told)
  }

  /// Whether the core stands at its reset vector, so that nothing of a program would be stopped.
  public var standsAtResetVector: Bool { custody.unit != nil && custody.isAtResetVector }

  /// Halts the core for a debugger.
  ///
  /// One that does not answer as it did is got hold of anew, in every way that it may need: its program may sleep, or have
  /// taken the pins of SWD since.
  ///
  /// - Parameter isLost: whether it is known that it has to be got hold of anew.
  func holdForDebugging(isLost: Bool) throws(SessionError) {
    guard let attachment = custody.attachment else { throw .notOpen }
    if !isLost {
      do throws(DebugError) {
        if custody.unit == nil { try attachment.hold(&custody.unit) } else { try attachment.core.halt() }
        try noteEarlierResets(attachment.link)
        return
      } catch {
        guard error.isOfTheTarget else { throw .access(error) }
        observer(.note("the target does not answer (\(error.report.summary)) and is connected to anew"))
      }
    }
    try attachAnew(attachment.link)
    try SessionError.wrapping { () throws(DebugError) in
      // A target that is only looked at is not held by that.
      if custody.unit == nil { try custody.attachment?.hold(&custody.unit) }
      try noteEarlierResets(attachment.link)
    }
  }

  /// Whether the core stands in what a loader has left, so that it can go on only after a reset.
  var canOnlyBeReset: Bool { custody.needsReset }

  /// The core runs, or has run, from where it stood.
  func hasResumedForDebugging() { custody.hasBegunToRun() }

  /// Refuses to let a core go whose flash holds half of a program.
  func refuseHalfAProgram() throws(DebugError) {
    guard custody.flash == .broken else { return }
    throw .probeUnusable(
      reason: "the flash holds half of a program, because writing it has failed",
      remedy: "Load the program again")
  }

  /// Takes what is a debugger's out of the debug unit and lets the core go; one whose flash holds half of a program stays.
  func letGoAfterDebugging() throws(DebugError) {
    guard let link = stlink, var unit = custody.unit else { return }
    // DEMCR belongs to the program meanwhile, but for what is caught: one that counts cycles has set TRCENA.
    let monitor = try link.read(DEMCR.self)
    var left = monitor.withoutCatches
    if let found = unit.monitor, !found[.traceEnable], try !CycleCounter.runs(link) { left[.traceEnable] = false }
    unit.monitor = left
    custody.unit = unit
    if custody.flash == .broken {
      try unit.leaveHalted(link, startsAnew: false)
      return
    }
    let startsAnew = custody.isAtResetVector
    custody.unit = nil
    custody.hasBegunToRun()
    try unit.letGo(link, startsAnew: startsAnew)
  }

  /// What has reset the chip since this was last asked.
  func resetFlagsSinceLastTime() throws(DebugError) -> ResetFlags {
    guard let link = stlink else { return ResetFlags(rawValue: 0) }
    let now = try link.read(ResetFlags.self)
    let flags = now.since(custody.earlierResets)
    custody.earlierResets = now
    return flags
  }
}

// The SWD clock, for somebody who changes it in the middle.
extension TargetSession {
  /// The SWD clock in kHz; nil where the probe does not say.
  public var clockKilohertz: Int? { stlink?.clockSetting.actualKHz }

  /// Sets the SWD clock: the fastest that the probe makes and that is not above `kilohertz`, else its slowest.
  public func setClock(kilohertz: Int) throws(SessionError) {
    let link = try openLink()
    guard let choice = link.clocksKHz.first(where: { $0 <= kilohertz }) ?? link.clocksKHz.last else { return }
    try SessionError.wrapping { () throws(DebugError) in try link.setClock(kHz: choice) }
  }
}
