/// ENTER, EXIT, the id codes and the access ports (docs/simulated-probe.md, "Commands").
extension STLinkFirmware {
  /// ENTER; the mode becomes "debug" even where it fails.
  ///
  /// - Parameter answers: not so in the first API's form.
  func enterDebug(_ command: CommandBlock, answers: Bool = true) {
    mode = .debug
    openPorts = []
    access = AccessRecord()
    identification = 0
    let parameter = command[2]
    let enter = { () throws(ProbeStatus) in
      if parameter == 0xA3 {
        try self.enterSWD()
      } else {
        try self.enterJTAG(pulsesReset: parameter != 0xA4)
      }
    }
    // What fails without an answer shows at the next command, for which the link keeps it.
    if answers { replyStatus(enter) } else { try? enter() }
  }

  private func enterSWD() throws(ProbeStatus) {
    do throws(ProbeStatus) {
      identification = try driver.connect()
      if isLinkLatched { identification = 0 }
      link = .swd(.ok)
    } catch {
      link = .swd(error)
      throw error
    }
  }

  /// The simulated connector has two wires and no JTAG chain, so none is ever found.
  private func enterJTAG(pulsesReset: Bool) throws(ProbeStatus) {
    if pulsesReset { pulseReset() }
    link = .jtag(traits.noChainStatus)
    throw traits.noChainStatus
  }

  /// EXIT: back to SWJ's JTAG side; a halted core stays halted, NRST stays as it is, nothing is answered.
  func leaveDebug() {
    guard mode == .debug else {
      if traits.quirks.contains(.hangsOnIdleExit) { hang() }
      return
    }
    driver.sendSwitchSequence(0xE73C)
    mode = .idle
    link = .none
    openPorts = []
    setTraceReceiver(nil)
  }

  /// READ_IDCODES: what ENTER found; nothing moves on the wire.
  ///
  /// Without a link the status is the only thing written.
  func readIDCodes() {
    switch link {
    case .swd(.ok) where mode == .debug:
      openPorts.insert(0)
      buffer.write(.ok)
      buffer.write(word: identification, at: 4)
      buffer.write(word: 0, at: 8)
    case .swd(let status) where mode == .debug, .jtag(let status) where mode == .debug:
      buffer.write(status)
    default:
      buffer.write(traits.noLinkStatus)
    }
    send(12)
  }

  /// INIT_AP: a port that the target lacks is opened too; its IDR reads as 0.
  func openAccessPort(_ command: CommandBlock) {
    let port = command[2]
    replyStatus { () throws(ProbeStatus) in
      try requireLink()
      try checkPortNumber(UInt16(port))
      _ = try driver.readAccessPort(port, AccessPortRegister.identification)
      openPorts.insert(port)
    }
  }

  /// CLOSE_AP_DBG; V2J28 refuses it always.
  ///
  /// **Chosen**: outside debug mode there is nothing to close, and it is done. Black Magic Probe's host program closes a
  /// port that an earlier session may have left before it enters, on plain V2 probes too, and gives up on an error.
  func closeAccessPort(_ command: CommandBlock) {
    let port = command[2]
    replyStatus { () throws(ProbeStatus) in
      if mode == .debug { try requireLink() }
      guard !traits.quirks.contains(.refusesPortClose) else { throw .badAccessPort }
      try checkPortNumber(UInt16(port))
      openPorts.remove(port)
    }
  }

  /// Refuses access-port numbers beyond what this version serves.
  func checkPortNumber(_ port: UInt16) throws(ProbeStatus) {
    guard port <= UInt16(traits.lastAccessPort ?? 255) else { throw .badAccessPort }
  }
}
