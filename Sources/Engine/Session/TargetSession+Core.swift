import ProbeInterface

/// What a session has done to the core and has to answer for when it closes.
struct CoreCustody {
  /// Whether the core was running when the session came.
  var wasRunning = true
  /// Whether the session has connected to the target.
  var isAttached = false
  /// Whether the session has halted the core.
  var isHalted = false
  /// Whether the flash holds something else than when the core was halted: it must not run on from where it stands.
  var flashHasChanged = false
  /// Whether the flash holds half of a firmware: the core must not run at all.
  var flashIsBroken = false
  /// DBGMCU_APB1_FZ as found, to be put back; nil while it has not been changed.
  var freezeBits: UInt32?
}

/// How a reset leaves the core.
public enum ResetMode: String, Sendable, CaseIterable {
  /// It runs from its reset vector.
  case run
  /// It is halted before its first instruction.
  case halt
}

extension TargetSession {
  /// Registers of the core's debug unit (ARMv7-M, C1.6) and of DBGMCU (RM0090, 38.16).
  private enum Register {
    static let haltingControl: UInt32 = 0xE000_EDF0
    static let exceptionControl: UInt32 = 0xE000_EDFC
    static let interruptControl: UInt32 = 0xE000_ED0C
    static let freeze: UInt32 = 0xE004_2008
  }

  private static let debugKey: UInt32 = 0xA05F_0000
  private static let enableDebug: UInt32 = 1 << 0
  private static let halt: UInt32 = 1 << 1
  private static let isHalted: UInt32 = 1 << 17
  private static let resetHasHappened: UInt32 = 1 << 25
  private static let catchReset: UInt32 = 1 << 0
  private static let requestReset: UInt32 = 0x05FA_0004
  /// Both watchdogs stop while the core is halted.
  private static let freezeWatchdogs: UInt32 = 0x1800
  private static let coreLimit = Duration.milliseconds(500)

  func attach(_ link: STLink) throws(SessionError) {
    try SessionError.wrapping { () throws(DebugError) in
      try link.enter()
      state.wasRunning = try link.readWord(at: Register.haltingControl) & TargetSession.isHalted == 0
      state.isHalted = !state.wasRunning
      state.isAttached = true
    }
  }

  /// Halts the core and stops the watchdogs while it is halted.
  func takeCore(_ link: STLink) throws(SessionError) {
    try SessionError.wrapping { () throws(DebugError) in
      try link.writeWord(
        TargetSession.debugKey | TargetSession.enableDebug | TargetSession.halt, at: Register.haltingControl)
      try wait(for: TargetSession.isHalted, named: "a halted core", link)
      state.isHalted = true
      guard state.freezeBits == nil else { return }
      let bits = try link.readWord(at: Register.freeze)
      state.freezeBits = bits
      try link.writeWord(bits | TargetSession.freezeWatchdogs, at: Register.freeze)
    }
  }

  /// Resets the chip and lets the core run, or catches it before its first instruction.
  public func reset(_ mode: ResetMode) throws(SessionError) {
    let link = try openLink()
    try SessionError.wrapping { () throws(DebugError) in try reset(mode, link) }
  }

  private func reset(_ mode: ResetMode, _ link: STLink) throws(DebugError) {
    let control = TargetSession.debugKey | TargetSession.enableDebug
    try link.writeWord(control, at: Register.haltingControl)
    let before = try link.readWord(at: Register.exceptionControl)
    let catching = mode == .halt ? before | TargetSession.catchReset : before & ~TargetSession.catchReset
    try link.writeWord(catching, at: Register.exceptionControl)
    // Reading clears a reset flag of earlier.
    _ = try link.readWord(at: Register.haltingControl)
    try link.writeWord(TargetSession.requestReset, at: Register.interruptControl)
    try wait(for: TargetSession.resetHasHappened, named: "the reset", link)
    if mode == .halt {
      try wait(for: TargetSession.isHalted, named: "a core halted at its reset vector", link)
      try link.writeWord(catching & ~TargetSession.catchReset, at: Register.exceptionControl)
    }
    state.isHalted = mode == .halt
    state.flashHasChanged = false
  }

  private func wait(for bit: UInt32, named name: String, _ link: STLink) throws(DebugError) {
    let deadline = link.clock.deadline(after: TargetSession.coreLimit)
    while true {
      let isLate = link.clock.hasPassed(deadline)
      let value = try link.readWord(at: Register.haltingControl)
      if value & bit != 0 { return }
      if isLate { throw .targetTimeout(waitingFor: name, limit: TargetSession.coreLimit, lastValue: value) }
      link.clock.wait(for: .milliseconds(1))
    }
  }

  /// Leaves the target and the probe in a stated condition; never throws, and may be called twice.
  ///
  /// A core whose flash holds half of a firmware stays halted, whatever is asked for; one whose flash has changed is
  /// reset before it runs.
  @discardableResult
  public func close(leaving exit: CoreExit) -> ClosingStatement {
    var statement = ClosingStatement(core: .unknown, reason: nil, problems: [])
    guard let link else { return statement }
    self.link = nil
    if state.isAttached {
      do throws(DebugError) {
        try leaveCore(exit, link, &statement)
      } catch {
        statement.core = .unknown
        statement.problems.append("the core could not be left as asked: \(error.interimReport.summary)")
      }
    } else {
      statement.reason = "the target was never reached"
    }
    do throws(DebugError) {
      try link.close()
    } catch {
      statement.problems.append("the probe could not be left clean: \(error.interimReport.summary)")
    }
    return statement
  }

  private func leaveCore(_ exit: CoreExit, _ link: STLink, _ statement: inout ClosingStatement) throws(DebugError) {
    let wantsRunning = exit == .running || exit == .unchanged && state.wasRunning
    if let bits = state.freezeBits, wantsRunning && !state.flashIsBroken {
      try link.writeWord(bits, at: Register.freeze)
    }
    if state.flashIsBroken && wantsRunning {
      statement.reason = "its flash holds no complete firmware"
    }
    if !wantsRunning || state.flashIsBroken {
      try link.writeWord(
        TargetSession.debugKey | TargetSession.enableDebug | TargetSession.halt, at: Register.haltingControl)
      statement.core = .halted
      return
    }
    if state.flashHasChanged {
      try reset(.run, link)
      statement.core = .resetAndRunning
    } else {
      statement.core = .running
    }
    try link.writeWord(TargetSession.debugKey, at: Register.haltingControl)
  }
}
