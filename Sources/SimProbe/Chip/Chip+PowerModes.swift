/// Sleep, Stop and Standby: what stands still, and what ends it (RM0090, 5.3).
extension Chip: DeepSleepController {
  /// How much of the chip stands still: WFI and WFE with SCR.SLEEPDEEP lead to Stop, or to Standby with PWR_CR.PDDS.
  var powerMode: PowerMode {
    guard core.isSleeping else { return .run }
    guard core.isInDeepSleep else { return .sleep }
    return isStandby ? .standby : .stop
  }

  /// Whether the debug unit keeps the clocks running, from the internal oscillator, in the deep sleep that the chip is in.
  private var keepsClocks: Bool {
    isStandby ? debugUnit.keepsClockInStandby : debugUnit.keepsClockInStop
  }

  /// Enters Stop or Standby, or resets where the option bytes want that instead.
  ///
  /// - Returns: whether the chip has entered it; an operation of the flash is waited for.
  func enterDeepSleep() -> Bool {
    flash.settle(present)
    guard flash.operation == nil else { return false }
    let options = flash.storedOptions
    if power.entersStandby ? options.resetsOnStandby : options.resetsOnStop {
      resetSystem(.lowPower)
      return false
    }
    isStandby = power.entersStandby
    clocks.stop(now: present)
    if !keepsClocks {
      core.isClockStopped = true
      bus.peripherals.stopClocks(now: present)
    }
    // What has not been acknowledged ends Standby at once.
    if isStandby, power.hasWokenUp || realTimeClock.isAsking { schedule(at: present, for: self) { $0.wake() } }
    return true
  }

  /// The core wakes up from Stop, or a reset ends either.
  func leaveDeepSleep() {
    bus.peripherals.resumeClocks(now: present)
    guard !isInReset, !isStandby else { return }
    core.stall(forNanoseconds: power.wakeUpTime)
  }

  /// The wake-up pin or RTC asks for the end of Standby.
  func wake() {
    power.noteWakeUp()
    if powerMode == .standby { wakeFromStandby() }
  }

  /// Standby ends by whatever reset: its flag is set, and what had no supply is lost.
  func endStandby() {
    let losesSupply = !keepsClocks
    power.noteStandby()
    if losesSupply {
      clocks.note(.standby)
      restoreCoreDomain()
    }
  }
}
