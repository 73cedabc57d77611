// What a chip still tells when work on its flash has failed.
extension TargetSession {
  /// The same error with what reset the chip in the middle, where something did.
  ///
  /// The flags of RCC_CSR were cleared when the core was taken, so what is set now has happened since. A target that was
  /// lost is connected anew first: a supply that collapsed and came back leaves it without a debug connection.
  func examined(_ error: FlashError, over link: STLink) -> FlashError {
    guard mayBeReset(error) else { return error }
    var error = error
    do throws(DebugError) {
      if case .access = error.cause { try link.enter() }
      let flags = try link.read(ResetFlags.self)
      if !flags.names.isEmpty { error.evidence.resetFlags = flags }
    } catch let second {
      error.cleanupFailures.append("what reset the chip could not be read: \(second.report.summary)")
    }
    return error
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
