/// The NRST line and the target's reset (docs/simulated-probe.md, "Commands").
extension STLinkFirmware {
  /// AIRCR (ARMv7-M, B3.2.6) with its key.
  private static let applicationInterrupt: UInt32 = 0xE000_ED0C
  private static let key: UInt32 = 0x05FA_0000

  /// DRIVE_NRST; works in every mode, and says "done" whether or not the line is wired to anything.
  func driveReset(_ command: CommandBlock) {
    let level = command[2]
    replyStatus { () throws(ProbeStatus) in
      switch level {
      case 0: connector.driveReset(low: true)
      case 1: connector.driveReset(low: false)
      case 2: pulseReset()
      default: throw .commandError
      }
    }
  }

  func pulseReset() {
    connector.driveReset(low: true)
    clock.advance(by: WireTiming.resetPulse)
    connector.driveReset(low: false)
  }

  /// RESETSYS; outside debug mode it is accepted and does nothing (Black Magic sends it before ENTER).
  func resetTarget() {
    replyStatus { () throws(ProbeStatus) in
      guard mode == .debug else { return }
      switch link {
      case .swd(.ok), .none: break
      case .swd(let status), .jtag(let status): throw status
      }
      isLinkLatched = false
      let request: UInt32 =
        switch profile.systemReset {
        case .core: 1 << 0
        case .system: 1 << 2
        }
      try targetAccess { () throws(ProbeStatus) in
        try driver.writeWord(Self.key | request, at: Self.applicationInterrupt)
      }
    }
  }
}
