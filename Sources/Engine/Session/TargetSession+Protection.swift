// Taking protection off.
extension TargetSession {
  /// Takes write protection off sectors; nothing is erased.
  ///
  /// - Returns: the sectors that were protected and are so no longer.
  /// - Throws: `SessionError.plan` where read protection or PCROP stands in the way.
  public func liftWriteProtection() throws(SessionError) -> [Sector] {
    guard let device, let protection else { throw .notOpen }
    do throws(ProtectionRefusal) {
      try protection.checkReadable(device.sectorMap.sectors)
    } catch {
      throw .plan(.protection(error))
    }
    let sectors = protection.writeProtectedSectors
    if sectors.isEmpty { return [] }
    try programOptions(protection.unprotected(device.die), within: .seconds(2))
    return sectors
  }

  /// Takes read protection, write protection and PCROP off, which erases the whole flash.
  ///
  /// PCROP can only be cleared while read protection falls from level 1 to level 0, so a chip at level 0 goes up first
  /// (RM0090, 3.7.4).
  ///
  /// - Throws: `SessionError.plan` at level 2, which nothing takes off.
  public func liftAllProtection() throws(SessionError) {
    guard let device, let protection else { throw .notOpen }
    guard protection.readProtection != .level2 else {
      throw .plan(.protection(.readProtected(.level2, optionControl: protection.optionControl)))
    }
    if protection.readProtection == .level0 {
      var raised = protection.optionControl
      raised[.readProtection] = 0x55
      try programOptions((raised, protection.optionControl1), within: .seconds(2))
    }
    if protection.optionControl.looksErased {
      observer(.note("the option bytes are erased: the chip gets the factory's, whatever it had before"))
    }
    if custody.flash == .asFound { custody.flash = .changed }
    let limit = FlashTiming.massErase(device.sectorMap, .x8).maximum + .seconds(2)
    try programOptions(protection.unprotected(device.die), within: limit)
  }

  /// Programs option bytes, resets the chip so that it loads them, and looks whether it has.
  private func programOptions(
    _ values: (FlashOptionControl, FlashOptionControl1?), within limit: Duration
  ) throws(SessionError) {
    guard let device else { throw .notOpen }
    let link = try openLink()
    try SessionError.wrapping { () throws(DebugError) in try stopLoader() }
    try takeCore(link)
    observer(
      .warning(
        "the option bytes are erased and programmed anew: a chip that loses its power in that moment is left protected, "
          + "and its firmware lost"))
    let programmer = OptionProgrammer(access: link)
    do throws(FlashError) {
      try programmer.program(values.0, values.1, within: limit)
    } catch {
      throw .flash(programmer.hasBegun ? describing(examined(error), asked: values.0, device, link) : examined(error))
    }
    try reset()
    let loaded: ProtectionState
    do throws(FlashError) {
      loaded = try ProtectionState.read(over: link, device: device)
    } catch {
      throw .flash(error)
    }
    protection = loaded
    guard !loaded.optionControl.looksErased || values.0.looksErased else {
      throw .flash(TargetSession.erasedOptions(loaded.optionControl, asked: values.0))
    }
    guard loaded.optionControl.stored == values.0.stored,
      loaded.optionControl1?[.writeProtection] == values.1?[.writeProtection]
    else {
      var error = FlashError(.optionsRefused(asked: values.0))
      error.evidence.optionControl = loaded.optionControl
      throw .flash(error)
    }
  }
}

// What became of option bytes whose programming did not end well.
extension TargetSession {
  private static func erasedOptions(_ found: FlashOptionControl, asked: FlashOptionControl) -> FlashError {
    var error = FlashError(.optionsRefused(asked: asked))
    error.evidence.optionControl = found
    return error
  }

  /// The same error with what the option bytes hold now; what they held before is not what they hold.
  private func describing(
    _ error: FlashError, asked: FlashOptionControl, _ device: Device, _ link: STLink
  ) -> FlashError {
    var error = error
    error.evidence.optionControl = nil
    error.aftermath.append("\(asked) was being programmed")
    do throws(FlashError) {
      let now = try ProtectionState.read(over: link, device: device)
      error.evidence.optionControl = now.optionControl
      protection = now
      error.aftermath.append(
        now.erasedWarning ?? "what is stored counts from the next reset on")
    } catch _ {
      // What cannot be read now is told as what it may be; the first error stays the one to tell.
      error.aftermath.append(
        "if the chip has lost its power, its option bytes are erased: read protection is at level 1"
          + (device.die.hasCodeReadProtection ? ", every sector has PCROP" : "") + ", and its firmware is lost")
      error.aftermath.append(
        "look with stflash info when the chip answers again; stflash unprotect --erase-everything brings it back")
    }
    return error
  }
}

extension ProtectionState {
  /// The registers with every protection off and everything else as it is.
  fileprivate func unprotected(_ die: Die) -> (FlashOptionControl, FlashOptionControl1?) {
    var control = optionControl.looksErased ? optionControl.withFactoryBits : optionControl
    control[.readProtection] = 0xAA
    control[.codeProtection] = false
    // As many nWRP bits as the die has, from bit 16 on; what lies above means something else.
    control.rawValue |= ((1 << UInt32(die.writeProtectionBits)) - 1) << 16
    var control1 = optionControl1
    control1?[.writeProtection] = 0xFFF
    return (control, control1)
  }
}

extension FlashOptionControl {
  /// What is stored: all but the lock and the start bit.
  fileprivate var stored: UInt32 { rawValue & ~3 }
}
