import ProbeInterface

// What a chip still tells when work on its flash has failed.
extension TargetSession {
  /// How often, and how long apart, a target that was lost is looked for: a supply that collapses under load comes back
  /// when the load is gone.
  private static let searchCount = 5
  private static let searchPause: Duration = .milliseconds(20)

  /// The same error with what reset the chip in the middle, where something did.
  ///
  /// S_RESET_ST tells whether something did: it was read, and cleared by that, when the core was halted.
  func examined(_ error: FlashError) -> FlashError {
    guard let link, mayBeReset(error) else { return error }
    var error = error
    error.evidence.hasNoisyWires = !link.clockReductions.isEmpty
    do throws(DebugError) {
      if case .access = error.cause { try find(link) }
      guard try CoreControl(link).status().hasBeenReset else { return error }
      let flags = try link.read(ResetFlags.self)
      if !flags.names.isEmpty { error.evidence.resetFlags = flags }
    } catch let second {
      error.cleanupFailures.append("what became of the target could not be read: \(second.report.summary)")
    }
    return error
  }

  /// The same error, where a flash error is what is behind it.
  func examined(_ error: PlanError) -> PlanError {
    if case .flash(let error) = error { return .flash(examined(error)) }
    return error
  }

  private func find(_ link: STLink) throws(DebugError) {
    for _ in 1..<TargetSession.searchCount {
      do throws(DebugError) {
        try link.enter()
        return
      } catch {
        guard error.isOfTheTarget else { throw error }
        link.clock.wait(for: TargetSession.searchPause)
      }
    }
    try link.enter()
  }

  private func mayBeReset(_ error: FlashError) -> Bool {
    switch error.cause {
    case .chipReset, .timeout, .loaderStopped: true
    case .access(let access, _): access.isOfTheTarget
    case .errorBits, .keysRefused, .lockRefused, .optionsRefused, .programmingVoltageNeeded, .widthTooWide, .mismatch,
      .checksum,
      .interrupted:
      false
    }
  }

  /// Clears what earlier resets have left in RCC_CSR; a chip that refuses that loses nothing but the evidence.
  func forgetEarlierResets(_ link: STLink) throws(DebugError) {
    do throws(DebugError) {
      try ResetFlags.clear(over: link)
    } catch {
      guard error.isOfTheTarget else { throw error }
      observer(.note("the reset flags could not be cleared: \(error.report.summary)"))
    }
  }
}
