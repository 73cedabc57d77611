import Failures

/// What a probe is doing, as GET_CURRENT_MODE tells it.
enum STLinkMode: UInt8, Sendable {
  /// Waiting for a firmware update; a V2 comes up in it after every plug-in.
  case dfu = 0
  /// Idle; on composite probes the mass-storage disk is served.
  case massStorage = 1
  /// Connected to a target by SWD or JTAG, or left so by an attempt that failed.
  case debug = 2
  /// Connected to an STM8.
  case swim = 3
  /// In its loader.
  case bootloader = 4

  /// The mode in words.
  var title: String {
    switch self {
    case .dfu: "firmware-update (DFU) mode"
    case .massStorage: "mass-storage mode"
    case .debug: "debug mode"
    case .swim: "SWIM mode"
    case .bootloader: "its boot loader"
    }
  }
}

extension CommandChannel {
  /// Asks what the probe is doing.
  func readMode() throws(DebugError) -> STLinkMode {
    let reply = try run(.getCurrentMode)
    guard let mode = STLinkMode(rawValue: reply[0]) else {
      throw .probeUnusable(
        reason: "the probe is in mode \(reply[0]), which is not documented",
        remedy: "\(.replug); if that does not help, update its firmware",
        cause: .probeWrongMode)
    }
    return mode
  }

  /// Leaves a mode; the idle one needs nothing.
  func leave(_ mode: STLinkMode) throws(DebugError) {
    switch mode {
    case .dfu: try run(.exitDFU)
    case .massStorage: break
    case .debug:
      try run(.exitDebug)
    case .swim: try run(.exitSWIM)
    case .bootloader:
      throw .probeUnusable(
        reason: "the probe is in its boot loader and takes no debug commands",
        remedy: "\(.replug); if it stays there, finish the update with ST's STLinkUpgrade",
        cause: .probeWrongMode)
    }
  }
}
