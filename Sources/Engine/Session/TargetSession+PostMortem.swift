import Failures
import LinkInterface

// What a chip still tells when work on its flash has failed.
extension TargetSession {
  /// How often, and how long apart, a target that was lost is looked for: a supply that collapses under load comes back
  /// when the load is gone.
  private static let searchCount = 5
  private static let searchPause: Duration = .milliseconds(20)
  /// How long a reset may last that nobody holds.
  private static let resetPatience: Duration = .milliseconds(100)

  /// The same error with what reset the chip in the middle, where something did.
  ///
  /// S_RESET_ST tells whether something did: it was read, and cleared by that, when the core was halted.
  func examined(_ error: FlashError) -> FlashError {
    var error = error
    if let device, let control = error.evidence.optionControl {
      error.evidence.options = OptionBytes(OptionLayout(device), control: control, control1: protection?.optionControl1)
    }
    guard let link = stlink, mayBeReset(error) else { return error }
    do throws(DebugError) {
      if case .access = error.cause {
        error.evidence.optionControl = error.evidence.optionControl ?? protection?.optionControl
        error.evidence.options = error.evidence.options ?? protection?.options
        if error.evidence.millivolts == nil { error.evidence.millivolts = try link.targetMillivolts() }
        try find(link)
      }
      let core = CoreControl(link)
      if try core.status().hasBeenReset {
        error.evidence.isHeldInReset = try isHeldInReset(core)
        let flags = try link.read(ResetFlags.self).since(custody.earlierResets)
        if !flags.names.isEmpty { error.evidence.resetFlags = flags }
      }
    } catch let second {
      error.evidence.isSilent = second.isOfTheTarget && !error.evidence.isHeldInReset
      error.cleanupFailures.append("what became of the target could not be read: \(second.report.summary)")
    }
    // Only what was unlocked here: the program may have unlocked the controller for itself.
    if case .access = error.cause, error.lockFailure != nil { lockLate(&error, link) }
    error.evidence.hasNoisyWires = !link.clockReductions.isEmpty
    return error
  }

  /// Locks the flash controller now that the target may answer again: left open, a stray write of the firmware would
  /// change the flash.
  private func lockLate(_ error: inout FlashError, _ link: STLink) {
    guard let device else { return }
    do throws(FlashError) {
      try FlashController(access: link, map: device.sectorMap).lockLate()
      error.lockFailure = nil
    } catch let second {
      error.lockFailure = second.report.summary
    }
    custody.isControllerOpen = error.lockFailure != nil
  }

  /// Whether the core stays in reset, longer than any reset lasts that nobody holds.
  private func isHeldInReset(_ core: CoreControl) throws(DebugError) -> Bool {
    _ = try core.status()
    core.clock.wait(for: TargetSession.resetPatience)
    return try core.status().isHeldInReset
  }

  /// The same error, where a flash error is what is behind it.
  func examined(_ error: PlanError) -> PlanError {
    if case .flash(let error) = error { return .flash(examined(error)) }
    return error
  }

  /// Connects anew, in the end at a clock that bad wires may still carry.
  private func find(_ link: STLink) throws(DebugError) {
    for _ in 0..<TargetSession.searchCount {
      do throws(DebugError) {
        try link.enter()
        return
      } catch {
        guard error.isOfTheTarget else { throw error }
        link.clock.wait(for: TargetSession.searchPause)
      }
    }
    guard let fast = link.clockSetting.actualKHz, let slow = link.lowerClocksKHz.first(where: { $0 <= Attach.slowKHz })
    else {
      try link.enter()
      return
    }
    try link.connect(atKHz: slow)
    link.note(ClockReduction(fromKHz: fast, toKHz: slow, reason: "no target answers on SWD"))
  }

  private func mayBeReset(_ error: FlashError) -> Bool {
    switch error.cause {
    case .chipReset, .timeout, .loaderStopped: true
    case .access(let access, _): access.isOfTheTarget
    case .errorBits, .keysRefused, .lockRefused, .optionsRefused, .otherOptions, .programmingVoltageNeeded,
      .widthTooWide, .mismatch,
      .checksum,
      .interrupted:
      false
    }
  }

  /// Remembers what RCC_CSR says of the resets so far; a chip that refuses that loses nothing but the evidence.
  ///
  /// The flags stay as they are: firmware that asks why it has started would miss the power-on.
  func noteEarlierResets(_ link: STLink) throws(DebugError) {
    do throws(DebugError) {
      custody.earlierResets = try link.read(ResetFlags.self)
    } catch {
      guard error.isOfTheTarget else { throw error }
      observer(.note("the reset flags could not be read: \(error.report.summary)"))
    }
  }
}
