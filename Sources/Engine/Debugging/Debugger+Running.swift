import Basics
import Failures
import LinkInterface

// Going on, and noticing why it ends.
extension Debugger {
  /// How long after something has happened the core is looked at without a pause, and the longest pause.
  private static let attention: Duration = .milliseconds(20)
  private static let longestPause: Duration = .milliseconds(10)
  /// How many instructions of a range are executed one by one before it is looked whether a longer way pays.
  private static let shortRange = 6
  /// How many instructions one look may execute, so that somebody who wants to stop them is heard.
  private static let instructionsPerLook = 64

  /// Lets the core go on; `poll` tells when and why it has stopped.
  ///
  /// - Throws: `DebugError.probeUnusable` where there are more breakpoints or watchpoints than the chip has comparators:
  ///   the core stays where it is.
  public func resume(_ action: ResumeAction) throws(DebugError) {
    guard isHalted else { return }
    try session.refuseHalfAProgram()
    if session.canOnlyBeReset {
      throw .probeUnusable(
        reason: "the core stands where work on the flash has failed, and not in a program", remedy: "Reset the chip")
    }
    pendingStop = nil
    ranging = nil
    exits = []
    if action == .run { try checkRoom() }
    openCall = nil
    let wasOwn = try passOwnInstruction()
    session.hasResumedForDebugging()
    state = .running
    lastEvent = access.clock.now
    switch action {
    case .step: pendingStop = wasOwn ? .stepped : try step()
    case .stepWithin(let range):
      ranging = range
      if wasOwn, !range.contains(try image().programCounter) { pendingStop = .stepped }
    case .run:
      if try stepsOffBreakpoint() { return }
      try go()
    }
  }

  /// Stops a core that runs; one that stops by itself meanwhile tells its own reason.
  public func interrupt() throws(DebugError) {
    guard isRunning else { return }
    guard pendingStop == nil else { return }
    try CoreControl(access).halt()
    let dhcsr = try access.read(DHCSR.self)
    pendingStop = try stop(dhcsr, otherwise: .interrupted) ?? .interrupted
  }

  /// Looks at a core that runs, and at what its program says; pauses for a moment where nothing happens.
  ///
  /// - Returns: why it has stopped; nil while it runs.
  /// - Throws: what is no failure of the target: the link is gone.
  public func poll() throws(DebugError) -> StopReason? {
    guard isRunning else { return nil }
    let reason: StopReason?
    do throws(DebugError) {
      reason = try look()
      silence.end()
    } catch {
      guard error.isOfTheTarget else { throw error }
      switch try silence.note(access) {
      case .goOn: return nil
      case .lostPower(let millivolts): reason = .lostPower(millivolts: millivolts)
      case .silent: reason = .silent(error)
      }
      silence.end()
    }
    if let reason {
      if !reason.isOfALostChip { _ = try image() }
      settle(reason)
    }
    return reason
  }

  private func settle(_ reason: StopReason) {
    pendingStop = nil
    ranging = nil
    exits = []
    lastStop = reason
    // Where a step ends nobody has been told of a mark yet.
    lastPlace = reason == .stepped ? nil : registers?.programCounter
    switch reason {
    case .lostPower, .silent:
      forgetChip()
      state = .lost
    case .reset:
      voices.hasBeenReset()
      semihosting?.hasBeenReset()
      state = .halted
    default: state = .halted
    }
  }

  private func look() throws(DebugError) -> StopReason? {
    if let pendingStop { return pendingStop }
    if ranging != nil, exits.isEmpty {
      if let reason = try goOnWithinRange() { return reason }
      return nil
    }
    let dhcsr = try access.read(DHCSR.self)
    var isBusy = false
    if !dhcsr[.debugEnable] { return .lostPower(millivolts: try access.targetMillivolts()) }
    if dhcsr[.halted] {
      isBusy = true
      if let reason = try stop(dhcsr, otherwise: .interrupted) { return reason }
    } else if dhcsr[.reset] {
      if let reason = try noteReset() { return reason }
    } else if dhcsr[.lockedUp] {
      try CoreControl(access).halt()
      // C_MASKINTS and what was read of the core before mean nothing any more.
      forgetCore()
      return .lockedUp(try report())
    }
    if try voices.poll() { isBusy = true }
    pause(after: isBusy)
    return nil
  }

  private func pause(after isBusy: Bool) {
    let now = access.clock.now
    if isBusy { lastEvent = now }
    let quiet = now - lastEvent
    if quiet > Debugger.attention { access.clock.wait(for: min(Debugger.longestPause, quiet / 16)) }
  }

  // MARK: Why it has stopped

  /// Why a halted core has stopped; nil where it goes on: a call was answered, or it was at the way out of a range.
  private func stop(_ dhcsr: DHCSR, otherwise: StopReason) throws(DebugError) -> StopReason? {
    forgetCore()
    let reasons = HaltReason.all(in: try access.read(DFSR.self))
    if reasons.contains(where: { $0 != .request }) { try access.write(DFSR.clearAll) }
    if dhcsr[.reset] { return try noteReset() }
    if reasons.contains(.watchpoint) {
      if let watchpoint = try watchpoints.hit() { return .watchpoint(watchpoint) }
      return .breakpoint
    }
    if reasons.contains(.vectorCatch) {
      let report = try report()
      // A reset whose sign the program itself has read away ends at the first instruction, in thread mode.
      return report.handler == nil ? try noteReset() : .fault(report)
    }
    if reasons.contains(.breakpoint) { return try stopAtBreakpoint() }
    return reasons.contains(.external) ? .instruction : otherwise
  }

  private func stopAtBreakpoint() throws(DebugError) -> StopReason? {
    let place = try image().programCounter
    if wantedBreakpoints.contains(place) { return .breakpoint }
    if exits.contains(place) {
      exits = []
      // The end of the range is a way out that needs no instruction.
      return ranging?.contains(place) ?? false ? nil : .stepped
    }
    guard try isCall(at: place) else {
      ownInstruction = place
      return .instruction
    }
    return try answer(place)
  }

  func report() throws(DebugError) -> FaultReport {
    try FaultReport.read(access, stacks: device.ram.map(\.range), symbols: options.symbols)
  }

  private func noteReset() throws(DebugError) -> StopReason? {
    _ = try CoreControl(access).poll("the core to come out of reset", within: .seconds(2), toleratesStatus: true) {
      !$0[.reset]
    }
    let flags = try session.resetFlagsSinceLastTime()
    try CoreControl(access).halt()
    forgetChip()
    try access.write(DFSR.clearAll)
    try arm()
    if options.stopsAtReset { return .reset(flags) }
    voices.hasBeenReset()
    semihosting?.hasBeenReset()
    told(.note("the chip was reset (\(flags.names.joined(separator: ", "))); its program goes on"))
    try go()
    return nil
  }

  // MARK: Going on

  func forgetCore() {
    registers = nil
    memory.forget()
  }

  /// Sets everything up that is wanted, and lets the core go.
  private func go() throws(DebugError) {
    try arm()
    try breakpoints.apply(hardwarePlaces)
    try planted.apply(plantedPlaces)
    try watchpoints.apply(wantedWatchpoints)
    if isMasked {
      // C_MASKINTS changes while C_HALT stays set; both at once are unpredictable (ARMv7-M, table C1-9).
      try access.write(DHCSR.request(halt: true))
      isMasked = false
    }
    forgetCore()
    try access.write(DHCSR.request())
  }

  /// Executes an instruction that a breakpoint marks at which the core has stopped already.
  ///
  /// GDB steps over it itself, and a core that is then at the next mark has to stop there at once: FPB does not tell of a
  /// mark in the same word by itself (OpenOCD's note on the M3).
  ///
  /// - Returns: whether the core has to stop where it is.
  private func stepsOffBreakpoint() throws(DebugError) -> Bool {
    let place = try image().programCounter
    guard wantedBreakpoints.contains(place) else { return false }
    guard place == lastPlace else {
      pendingStop = .breakpoint
      return true
    }
    let reason = try step()
    if reason != .stepped {
      pendingStop = reason
    } else if wantedBreakpoints.contains(try image().programCounter) {
      pendingStop = .breakpoint
    }
    return pendingStop != nil
  }

  /// Executes one instruction; why it has ended is `stepped` in the end that is usual.
  private func step() throws(DebugError) -> StopReason {
    let image = try image()
    let place = image.programCounter
    if planted.places.contains(place) { try planted.lift(place) }
    try breakpoints.lift(place)
    try watchpoints.apply(wantedWatchpoints)
    try arm()
    if isMasked != options.masksInterrupts {
      try access.write(DHCSR.request(halt: true, maskInterrupts: options.masksInterrupts))
      isMasked = options.masksInterrupts
    }
    let keepsFlash = memory.known(place).map { leavesFlash($0, image) } ?? false
    try access.write(DHCSR.request(step: true, maskInterrupts: isMasked))
    registers = nil
    if keepsFlash { memory.forgetRAM() } else { memory.forget() }
    var dhcsr = try access.read(DHCSR.self)
    if !dhcsr[.halted] { dhcsr = try awaitStep() }
    if try isPlainStep(from: image, dhcsr) { return .stepped }
    guard let reason = try stop(dhcsr, otherwise: .stepped) else { return .stepped }
    if reason == .instruction, ownInstruction == place { return .instruction }
    return reason
  }

  /// Whether an instruction can change neither the flash nor anything of its controller: it writes nothing, or to RAM.
  private func leavesFlash(_ first: UInt16, _ image: CoreImage) -> Bool {
    guard ThumbFlow.mayWrite(first) else { return true }
    guard let base = ThumbFlow.storeBase(first) else { return false }
    // A stack that grows down begins behind the RAM.
    return device.isStackTop(image.values[base])
  }

  /// Whether a step can only have ended by itself, so that DFSR need not be asked: nothing is watched, the instruction was no
  /// BKPT, no exception was entered, and no reset has come between.
  private func isPlainStep(from before: CoreImage, _ dhcsr: DHCSR) throws(DebugError) -> Bool {
    guard wantedWatchpoints.isEmpty, !dhcsr[.reset], memory.holds(before.programCounter, 2) else { return false }
    let after = try image()
    return after.exception == before.exception && after.programCounter != before.programCounter
  }

  /// Waits for an instruction to end, and ends one that waits for an interrupt.
  private func awaitStep() throws(DebugError) -> DHCSR {
    let core = CoreControl(access)
    do throws(DebugError) {
      return try core.waitForHalt(within: Debugger.stepLimit)
    } catch {
      guard case .targetTimeout = error else { throw error }
    }
    try access.write(DHCSR.request(halt: true, maskInterrupts: isMasked))
    return try core.waitForHalt(within: Debugger.stepLimit)
  }

  /// Puts the core behind a BKPT of its own at which it has stopped; whether that was needed.
  @discardableResult
  func passOwnInstruction() throws(DebugError) -> Bool {
    defer { ownInstruction = nil }
    guard let place = ownInstruction, try image().programCounter == place else { return false }
    try writeRegister(.programCounter, place &+ 2)
    return true
  }

  // MARK: Ranges

  /// Goes on within a range, by single instructions or from one way out of it to the next.
  private func goOnWithinRange() throws(DebugError) -> StopReason? {
    guard let range = ranging else { return nil }
    for count in 0..<Debugger.instructionsPerLook {
      let reason = try step()
      if reason != .stepped { return reason }
      let image = try image()
      let place = image.programCounter
      if !range.contains(place) { return .stepped }
      if wantedBreakpoints.contains(place) { return .breakpoint }
      if count == Debugger.shortRange, try runsToExits(of: range, image) { return nil }
    }
    return nil
  }

  /// Lets the core run to the next way out of a range; false where that cannot be done.
  private func runsToExits(of range: Range<UInt32>, _ image: CoreImage) throws(DebugError) -> Bool {
    let place = image.programCounter
    // ITSTATE: within an IT block it depends on where it has begun.
    guard range.count <= RangeExits.mostBytes, BreakpointUnit.range.contains(range.upperBound),
      memory.holds(range.lowerBound, range.count), image.status & 0x0600_FC00 == 0
    else { return false }
    let code = try readMemory(at: range.lowerBound, byteCount: range.count)
    guard let found = RangeExits(range, code: code, from: place), !found.places.isEmpty, !found.places.contains(place),
      BreakpointUnit.words(hardwarePlaces.union(found.places)).count <= (try breakpoints.size())
    else { return false }
    exits = found.places
    try go()
    return true
  }

  /// What the comparators have to mark.
  private var hardwarePlaces: Set<UInt32> {
    wantedBreakpoints.filter { BreakpointUnit.range.contains($0) }.union(exits)
  }

  private var plantedPlaces: Set<UInt32> { wantedBreakpoints.filter { !BreakpointUnit.range.contains($0) } }
}
