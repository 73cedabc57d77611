/// The core's time: catching up with the clock.
extension CortexCore {
  /// Catches up with the clock: executes, sleeps or stands still until the first cycle that does not start before
  /// `nanoseconds`, or as far beyond it as the last instruction takes.
  func run(until nanoseconds: UInt64) {
    timeBase.anchor(at: cycles)
    runEnd = nanoseconds
    // Others may have written since.
    steadyRead.end = 0
    while true {
      // Software may change the clock's frequency at any time, and make something due earlier.
      let target = timeBase.cycle(at: runEnd)
      guard cycles < target else { return drainTrace() }
      switch state {
      // NMI is the only exception that ends a lockup, other than one in its own handler.
      case .lockedUp where canPreempt(ExceptionNumber.nonMaskable) && hasPendingNonMaskable: changeState(to: .running)
      case .halted, .inReset, .lockedUp: standStill(to: target)
      case .waitingForInterrupt, .waitingForEvent: sleep(until: target)
      case .running: execute(until: target)
      }
    }
  }

  /// Makes the run that is under way end at a time before its end, because something will be due then.
  func endRun(at nanoseconds: UInt64) {
    guard nanoseconds < runEnd else { return }
    runEnd = nanoseconds
    requestAttention()
  }

  private var hasPendingNonMaskable: Bool { interrupts.pending.contains(exception: ExceptionNumber.nonMaskable) }

  private func standStill(to cycle: UInt64) {
    if state != .lockedUp { standstillCycles += cycle - cycles }
    cycles = cycle
  }

  /// The cycle at which SysTick next makes its exception pending.
  private var nextTimerCycle: UInt64 {
    sysTick.nextException.map { $0 + standstillCycles } ?? .max
  }

  // MARK: Sleep

  /// Sleeps until something wakes the core or the time is up; it skips from event to event.
  private func sleep(until target: UInt64) {
    if !isClockStopped {
      advanceSysTick()
      takeTraceTaps()
    }
    guard !isAwakened else { return changeState(to: .running) }
    if !isInDeepSleep, system.sleep.contains(.deepSleep) { isInDeepSleep = deepSleep?.enterDeepSleep() ?? false }
    guard isSleeping else { return }
    if isClockStopped { return standStill(to: max(cycles + 1, target)) }
    let begin = cycles
    let wrap = watchpoint.cyclesToWrap(.sleep)
    cycles = max(cycles + 1, min(target, nextTimerCycle, nextTraceCycle, wrap == .max ? .max : cycles + wrap))
    countForTrace(cycles - begin, .sleep)
  }

  /// WFI ends with an exception that would be taken if PRIMASK allowed it, WFE also with an event.
  private var isAwakened: Bool {
    if hasWakingException { return true }
    guard state == .waitingForEvent else { return false }
    let isSent = isEventRegistered || system.sleep.contains(.sendEventOnPending) && interrupts.pending != 0
    isEventRegistered = false
    return isSent
  }

  // MARK: Execution

  /// Executes instructions until a cycle, or until something other than the next instruction is due.
  private func execute(until target: UInt64) {
    if stallEnd > cycles {
      cycles = min(stallEnd, target)
      return
    }
    advanceSysTick()
    takeTraceTaps()
    if debug.control.isSuperset(of: [.debugEnable, .halt]) { return halt(because: .halted) }
    let isStepping = debug.control.isSuperset(of: [.debugEnable, .step])
    if !takeDueException() {
      if untracedEntry != 0 { traceEntry() }
      if isMonitorStepping {
        executeOne()
        finishMonitorStep()
      } else if isStepping || isObserved {
        executeOne()
      } else {
        executeMany(until: min(target, nextTimerCycle, nextTraceCycle))
      }
    }
    if isStepping { finishStep() }
  }

  /// Takes a pending exception, or raises the fault of an instruction outside Thumb state.
  private func takeDueException() -> Bool {
    if takePendingException() { return true }
    guard !thumb else { return false }
    raise(.invalidState, address: nil)
    // The handler brings its own state.
    return takePendingException() || state != .running
  }

  /// Whether each instruction has to be looked at: a breakpoint, watchpoint or patch may be waiting for it.
  private var isObserved: Bool { flashPatch.isArmed || watchpoint.isArmed }

  /// Executes instructions as fast as possible.
  private func executeMany(until limit: UInt64) {
    let start = cycles
    // Others may have written since.
    codeGeneration += 1
    do throws(CoreFault) {
      repeat {
        let pause = skipsIdleTurns ? min(limit, max(watch.nextLook, cycles)) : limit
        cycleLimit = pause
        try executeBlocks()
        // Something else than the next instruction is due, or the time is up.
        guard cycleLimit == pause, cycles < limit else { break }
        cycleLimit = limit
        try skipIdleTurns(until: limit)
      } while cycles < cycleLimit
    } catch {
      handle(error)
    }
    if cycles != start { debug.hasRetired = true }
  }

  /// Executes one instruction under the comparators' eyes.
  private func executeOne() {
    if case .breakpoint = flashPatch.match(programCounter) { return hitBreakpoint() }
    let (address, begin) = (programCounter, cycles)
    exceptionCycles = 0
    do throws(CoreFault) {
      try step()
      debug.hasRetired = true
      traceInstruction(from: begin)
      if watchpoint.isArmed, watchpoint.noteExecution(address, executedCycles: executedCycles) {
        debug.isWatchpointHit = true
      }
    } catch {
      handle(error)
    }
    if debug.isWatchpointHit { hitWatchpoint() }
  }

  /// Ends a step: exceptions that the instruction raised are entered, but nothing of their handlers is executed.
  private func finishStep() {
    guard state != .halted, state != .inReset, stallEnd <= cycles else { return }
    if state == .running { _ = takePendingException() }
    if state != .halted { halt(because: .halted) }
  }

  /// Deals with an instruction that did not complete; the program counter names it again.
  private func handle(_ fault: CoreFault) {
    settle()
    ifThenState = instructionIfThenState
    programCounter = registers[15] &- 4
    switch fault {
    case .fault(let status, let address): raise(status, address: address)
    case .breakpoint: hitBreakpoint()
    case .stalled(let end): stallEnd = max(timeBase.cycle(at: end), cycles + 1)
    }
  }
}
