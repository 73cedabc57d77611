extension SWDDriver {
  /// Sends a 16-bit sequence between two line resets.
  func sendSwitchSequence(_ bits: UInt16) {
    connector.lineReset()
    clock.advance(by: timing.resetSequence)
    connector.switchSequence(bits)
    connector.lineReset()
    clock.advance(by: timing.resetSequence)
    forgetRegisters()
  }

  /// Connects as ENTER does (docs/simulated-probe.md, "Time").
  ///
  /// Line reset, switch to SWD, DPIDR, power-up, identification of access port 0.
  /// - Returns: DPIDR.
  /// - Throws: `noIDCode` where no DPIDR comes, `debugPower` where the power-up is not acknowledged.
  func connect() throws(ProbeStatus) -> UInt32 {
    sendSwitchSequence(0xE79E)
    let identification: UInt32
    do throws(ProbeStatus) {
      identification = try transfer(.read(.debug, DebugPortRegister.identification))
    } catch {
      throw .noIDCode
    }
    let before = try transfer(.read(.debug, DebugPortRegister.controlStatus))
    if before & DebugPortRegister.stickyFlags != 0 || hasStickyError { try clearStickyFlags() }
    try transfer(.write(.debug, DebugPortRegister.controlStatus, DebugPortRegister.powerRequests))
    try waitForPower()
    identifyFirstAccessPort()
    return identification
  }

  private func waitForPower() throws(ProbeStatus) {
    for _ in 0..<10 {
      let status = try transfer(.read(.debug, DebugPortRegister.controlStatus))
      if status & DebugPortRegister.powerAcknowledges == DebugPortRegister.powerAcknowledges { return }
    }
    throw .debugPower
  }

  /// Reads IDR and BASE of port 0.
  ///
  /// ENTER's answer does not depend on them: a core that sleeps, or a stuck bus, shows in
  /// the commands that follow.
  private func identifyFirstAccessPort() {
    do throws(ProbeStatus) {
      try select(port: 0, bank: AccessPortRegister.identification)
      try transfer(.read(.access, AccessPortRegister.identification & 0x0C))
      try transfer(.read(.access, AccessPortRegister.base & 0x0C))
      try transfer(.read(.debug, DebugPortRegister.readBuffer))
    } catch {
      forgetRegisters()
    }
  }

  /// Reads any register of an access port: the posted read and its result.
  ///
  /// - Throws: `dpFault` where a sticky flag was set before, `apFault` where this access failed.
  func readAccessPort(_ port: UInt8, _ register: UInt8) throws(ProbeStatus) -> UInt32 {
    try passingOlderFault { () throws(ProbeStatus) in
      try select(port: port, bank: register)
      try transfer(.read(.access, register & 0x0C))
    }
    do throws(ProbeStatus) {
      return try transfer(.read(.debug, DebugPortRegister.readBuffer))
    } catch {
      throw error == .dpFault ? .apFault : error
    }
  }

  /// Writes any register of an access port; a bus error shows at the next access.
  func writeAccessPort(_ port: UInt8, _ register: UInt8, _ value: UInt32) throws(ProbeStatus) {
    if register == AccessPortRegister.control { forgetControl() }
    try passingOlderFault { () throws(ProbeStatus) in
      try select(port: port, bank: register)
      try transfer(.write(.access, register & 0x0C, value))
    }
  }

  /// A FAULT at the beginning of an access is an older one's, which the firmware reports as the debug port's.
  private func passingOlderFault(_ body: () throws(ProbeStatus) -> Void) throws(ProbeStatus) {
    do throws(ProbeStatus) {
      try body()
    } catch {
      throw error == .apFault ? .dpFault : error
    }
  }
}
