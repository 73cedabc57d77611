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
    do throws(FlashError) {
      try OptionProgrammer(access: link).program(values.0, values.1, within: limit)
    } catch {
      throw .flash(examined(error))
    }
    try reset()
    let loaded: ProtectionState
    do throws(FlashError) {
      loaded = try ProtectionState.read(over: link, device: device)
    } catch {
      throw .flash(error)
    }
    protection = loaded
    guard loaded.optionControl.stored == values.0.stored,
      loaded.optionControl1?[.writeProtection] == values.1?[.writeProtection]
    else {
      var error = FlashError(.optionsRefused(asked: values.0))
      error.evidence.optionControl = loaded.optionControl
      throw .flash(error)
    }
  }
}

extension ProtectionState {
  /// The registers with every protection off and everything else as it is.
  fileprivate func unprotected(_ die: Die) -> (FlashOptionControl, FlashOptionControl1?) {
    var control = optionControl
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
