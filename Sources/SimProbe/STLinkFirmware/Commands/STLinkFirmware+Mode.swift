/// DFU and SWIM, as far as a debug host meets them (docs/simulated-probe.md, "Modes").
extension STLinkFirmware {
  /// DFU: leaving, and the identifiers that ST's updater reads; nothing that would change the firmware is answered.
  func performDFU(_ command: CommandBlock) {
    guard mode == .dfu else { return }
    switch command[1] {
    case 0x07: leaveDFU()
    case 0x08: sendIdentifiers()
    default: break
    }
  }

  private func leaveDFU() {
    guard hasApplication else { return }
    clock.advance(by: WireTiming.leaveDFU)
    mode = .idle
    if owesVoltage {
      owesVoltage = false
      getVoltage()
    }
  }

  /// 20 bytes: the flash size of the probe's own chip in KiB, and its unique id from offset 8 on.
  private func sendIdentifiers() {
    send([0x40, 0x00, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00] + profile.serial)
  }

  /// SWIM: entering, leaving and the status; no STM8 is ever behind a simulated probe.
  func performSWIM(_ command: CommandBlock) {
    switch command[1] {
    case 0x00: mode = .swim
    case 0x01: if mode == .swim { mode = .idle }
    case 0x09:
      // 4: the target does not answer.
      send([0x04, 0x00, 0x00, 0x00])
    default: break
    }
  }
}
