extension CortexCore {
  /// Cycles in which the core was clocked for software: not in debug state and not in reset.
  var executedCycles: UInt64 { cycles - standstillCycles }

  /// Changes what the core is doing.
  ///
  /// SysTick stands still in debug state and in reset, so that its count is settled first.
  func changeState(to next: State) {
    settle()
    advanceSysTick()
    let (wasHalted, wasInDeepSleep) = (isHalted, isInDeepSleep)
    state = next
    freshEntry = .max
    if wasInDeepSleep, !isSleeping {
      (isInDeepSleep, isClockStopped) = (false, false)
      deepSleep?.leaveDeepSleep()
    }
    requestAttention()
    if isHalted != wasHalted { haltChanged.send() }
  }

  /// Makes the execution loop look at everything else before the next instruction.
  @inline(__always)
  func requestAttention() {
    cycleLimit = 0
  }

  /// Keeps the core from its next instruction for a while.
  func stall(forNanoseconds nanoseconds: UInt64) {
    stallEnd = max(stallEnd, timeBase.cycle(at: localNanoseconds + nanoseconds))
  }

  /// Enters debug state.
  func halt(because reason: DebugFaultStatus) {
    debug.faultStatus.insert(reason)
    debug.control.insert(.halt)
    changeState(to: .halted)
  }

  /// Stops for good: only a reset or a debugger helps (ARMv7-M, B1.5.15).
  func lockUp() {
    faultProgramCounter = programCounter
    programCounter = Self.lockupAddress
    changeState(to: .lockedUp)
  }

  /// A BKPT instruction or a breakpoint comparator: halts, or calls the debug monitor, or is a HardFault.
  func hitBreakpoint() {
    if debug.control.contains(.debugEnable) {
      halt(because: .breakpoint)
    } else if debug.monitor.contains(.monitorEnable), canPreempt(ExceptionNumber.debugMonitor) {
      debug.faultStatus.insert(.breakpoint)
      raise(ExceptionNumber.debugMonitor)
    } else {
      system.hardFaultStatus.insert(.debugEvent)
      raiseHardFault()
    }
  }

  /// A watchpoint: halts, or calls the debug monitor, or has no effect.
  func hitWatchpoint() {
    debug.isWatchpointHit = false
    if debug.control.contains(.debugEnable) {
      halt(because: .watchpoint)
    } else if debug.monitor.contains(.monitorEnable) {
      debug.faultStatus.insert(.watchpoint)
      interrupts.pending.set(exception: ExceptionNumber.debugMonitor, true)
    }
  }

  /// Whether DEMCR.MON_STEP applies to the code that runs: the debug monitor is on, could be taken, and is not kept out by
  /// halting debug.
  var isMonitorStepping: Bool {
    debug.monitor.isSuperset(of: [.monitorEnable, .monitorStep]) && !debug.control.contains(.debugEnable)
      && canPreempt(ExceptionNumber.debugMonitor)
  }

  /// Ends a step of the debug monitor: it is taken before the next instruction.
  func finishMonitorStep() {
    guard state != .inReset, state != .lockedUp, stallEnd <= cycles else { return }
    debug.faultStatus.insert(.halted)
    interrupts.pending.set(exception: ExceptionNumber.debugMonitor, true)
  }

  /// What PC reads in lockup.
  static let lockupAddress: UInt32 = 0xFFFF_FFFE
}
