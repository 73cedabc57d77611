import LinkInterface

/// Halts, runs, steps and resets a Cortex-M3 or M4 through its debug registers.
///
/// Every wait has an end; it is measured on the clock by which the target's time passes.
struct CoreControl {
  private let access: any DebugAccess

  /// The time for a core to halt, to step, or to come out of reset; stlink grants as much.
  public var limit: Duration = .milliseconds(500)

  /// The pause between two looks at a status: about what a command takes on full-speed USB.
  private static let pollPause: Duration = .milliseconds(1)

  /// The clock by which the target's time passes.
  var clock: any LinkClock { access.clock }

  /// Makes control over the core behind an access.
  public init(_ access: any DebugAccess) {
    self.access = access
  }

  /// What the core is doing.
  ///
  /// S_RESET_ST reads 1 once after every reset and again and again in reset, so a second look tells them apart.
  public func status() throws(DebugError) -> CoreStatus {
    var dhcsr = try access.read(DHCSR.self)
    let hasBeenReset = dhcsr[.reset]
    var hasExecuted = dhcsr[.retired]
    if hasBeenReset {
      dhcsr = try access.read(DHCSR.self)
      hasExecuted = hasExecuted || dhcsr[.retired]
    }
    let state: CoreStatus.State =
      if dhcsr[.reset] {
        .inReset
      } else if dhcsr[.halted] {
        .halted
      } else if dhcsr[.lockedUp] {
        .lockedUp
      } else if dhcsr[.sleeping] {
        .sleeping
      } else {
        .running
      }
    let reasons = state == .halted ? HaltReason.all(in: try access.read(DFSR.self)) : []
    return CoreStatus(
      state: state, haltReasons: reasons, hasBeenReset: hasBeenReset, hasExecuted: hasExecuted, dhcsr: dhcsr)
  }

  /// Halts the core; a halted one stays as it is.
  ///
  /// - Throws: `DebugError.targetTimeout` when it does not halt: held in reset, or its clock has stopped.
  public func halt() throws(DebugError) {
    try access.write(DHCSR.request(halt: true))
    try waitForHalt(within: limit)
  }

  /// Lets the core run with debugging enabled: BKPT halts it.
  ///
  /// - Parameter maskingInterrupts: whether PendSV, SysTick and external interrupts are held off, as code in RAM needs
  ///   that replaces the vectors' owner. The core must be halted for it.
  public func run(maskingInterrupts: Bool = false) throws(DebugError) {
    try access.write(DFSR.clearAll)
    if maskingInterrupts {
      // C_MASKINTS changes while C_HALT stays set; both at once are unpredictable (ARMv7-M, table C1-9).
      try access.write(DHCSR.request(halt: true, maskInterrupts: true))
    }
    try access.write(DHCSR.request(maskInterrupts: maskingInterrupts))
  }

  /// Executes one instruction with interrupts masked; a running core is halted first.
  public func step() throws(DebugError) {
    try halt()
    try access.write(DFSR.clearAll)
    try access.write(DHCSR.request(halt: true, maskInterrupts: true))
    try access.write(DHCSR.request(step: true, maskInterrupts: true))
    do throws(DebugError) {
      try waitForHalt(within: limit)
    } catch {
      try access.write(DHCSR.request(halt: true))
      throw error
    }
    try access.write(DHCSR.request(halt: true))
  }

  /// Waits for the core to halt by itself: at a BKPT, or after a request.
  ///
  /// - Throws: `DebugError.targetTimeout` with DHCSR as last read.
  @discardableResult
  public func waitForHalt(within limit: Duration) throws(DebugError) -> DHCSR {
    try poll("the core to halt", within: limit) { $0[.halted] }
  }

  /// Resets the whole chip by SYSRESETREQ and halts the core before its first instruction.
  ///
  /// DEMCR is as before afterwards, but for VC_CORERESET: an armed catch would stop the target at every later reset.
  ///
  /// - Throws: `DebugError.targetTimeout` when the core is not caught.
  public func resetAndHalt() throws(DebugError) {
    try access.write(DHCSR.request(halt: true))
    try catchingReset { () throws(DebugError) in
      try requestReset("the core to halt after reset") { $0[.halted] }
    }
  }

  /// Pulls NRST low, lets it go, and lets the core run.
  ///
  /// - Parameter duration: how long NRST is low.
  /// - Returns: whether the core noticed: NRST is wired.
  public func pulseResetLine(for duration: Duration = .milliseconds(20)) throws(DebugError) -> Bool {
    let readsBefore = access.repeatedReadCount
    if try pulseResetLineOnce(for: duration) { return true }
    // A reply that was lost may have been the only one that showed the reset.
    return access.repeatedReadCount == readsBefore ? false : try pulseResetLineOnce(for: duration)
  }

  private func pulseResetLineOnce(for duration: Duration) throws(DebugError) -> Bool {
    _ = try access.read(DHCSR.self)
    try access.driveReset(.asserted)
    access.clock.wait(for: duration)
    try access.driveReset(.released)
    let hasNoticed = try poll("DHCSR to be readable", within: limit, toleratesStatus: true) { _ in true }[.reset]
    _ = try poll("the core to come out of reset", within: limit, toleratesStatus: true) { !$0[.reset] }
    return hasNoticed
  }
}

extension CoreControl {
  /// Arms the reset vector catch around a reset and disarms it on every way out.
  func catchingReset(_ reset: () throws(DebugError) -> DHCSR) throws(DebugError) {
    var control = try access.read(DEMCR.self)
    control[.catchReset] = true
    try access.write(DFSR.clearAll)
    try access.write(control)
    control[.catchReset] = false
    do throws(DebugError) {
      _ = try reset()
    } catch {
      // The catch must not stay armed; that the target does not answer is reported by the first error.
      try? access.write(control)
      throw error
    }
    try access.write(control)
  }

  /// Requests a reset and waits until the core is out of it and in a state.
  ///
  /// The write to AIRCR, and the first reads after it, may fail because the reset hits them; they count as failed only
  /// when no reset shows itself.
  private func requestReset(
    _ state: String, until isReached: (DHCSR) -> Bool
  ) throws(DebugError) -> DHCSR {
    let readsBefore = access.repeatedReadCount
    do throws(DebugError) {
      return try requestResetOnce(state, until: isReached)
    } catch {
      // A reply that was lost may have been the only one that showed the reset.
      guard access.repeatedReadCount != readsBefore, error.isOfTheTarget else { throw error }
    }
    return try requestResetOnce(state, until: isReached)
  }

  private func requestResetOnce(
    _ state: String, until isReached: (DHCSR) -> Bool
  ) throws(DebugError) -> DHCSR {
    _ = try access.read(DHCSR.self)
    var refusal: DebugError?
    do throws(DebugError) {
      try access.write(AIRCR.requestSystemReset)
    } catch {
      guard case .fault = error else { throw error }
      refusal = error
    }
    var hasBeenReset = false
    do throws(DebugError) {
      return try poll(state, within: limit, toleratesStatus: true) { dhcsr in
        if dhcsr[.reset] {
          hasBeenReset = true
          return false
        }
        return hasBeenReset && isReached(dhcsr)
      }
    } catch {
      throw hasBeenReset ? error : refusal ?? error
    }
  }

  /// Reads DHCSR until it shows a state.
  ///
  /// - Parameter toleratesStatus: whether a failing read is only a reason to look again.
  func poll(
    _ state: String, within limit: Duration, toleratesStatus: Bool = false, until isReached: (DHCSR) -> Bool
  ) throws(DebugError) -> DHCSR {
    let deadline = access.clock.deadline(after: limit)
    var last: DHCSR?
    var refusal: DebugError?
    while true {
      let isLastLook = access.clock.hasPassed(deadline)
      do throws(DebugError) {
        let dhcsr = try access.read(DHCSR.self)
        if isReached(dhcsr) { return dhcsr }
        (last, refusal) = (dhcsr, nil)
      } catch {
        guard toleratesStatus, case .fault = error else { throw error }
        refusal = error
      }
      if isLastLook {
        throw refusal ?? .targetTimeout(waitingFor: state, limit: limit, lastValue: last?.rawValue)
      }
      access.clock.wait(for: CoreControl.pollPause)
    }
  }
}
