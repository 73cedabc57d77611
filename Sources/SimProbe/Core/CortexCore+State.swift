extension CortexCore {
  /// Cycles in which the core was clocked for software: not in debug state and not in reset.
  var executedCycles: UInt64 { cycles - standstillCycles }

  /// Changes what the core is doing.
  func changeState(to next: State) {
    state = next
  }

  /// Enters debug state.
  func halt(because reason: DebugFaultStatus) {
    debug.faultStatus.insert(reason)
    debug.control.insert(.halt)
    changeState(to: .halted)
  }

  /// Stops for good: only a reset or a debugger helps (ARMv7-M, B1.5.15).
  func lockUp() {
    programCounter = Self.lockupAddress
    changeState(to: .lockedUp)
  }

  /// What PC reads in lockup.
  static let lockupAddress: UInt32 = 0xFFFF_FFFE

  /// Catches up with the clock.
  ///
  /// Time passes for the core until the first cycle that does not start before `nanoseconds`.
  func run(until nanoseconds: UInt64) {
    timeBase.anchor(at: cycles)
    let target = timeBase.cycle(at: nanoseconds)
    guard target > cycles else { return }
    standStill(to: target)
  }

  /// Lets time pass without the core doing anything.
  private func standStill(to cycle: UInt64) {
    if state == .halted || state == .inReset { standstillCycles += cycle - cycles }
    cycles = cycle
  }
}
