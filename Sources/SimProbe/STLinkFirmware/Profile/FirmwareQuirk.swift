/// A known fault of some versions of the firmware (docs/simulated-probe.md, "Versions").
enum FirmwareQuirk: CaseIterable, Sendable {
  /// CLOSE_AP_DBG always says "bad access port".
  case refusesPortClose
  /// Leaving debug mode outside debug mode hangs the probe.
  case hangsOnIdleExit
  /// An empty memory transfer hangs the probe, which waits for a data phase.
  case hangsOnEmptyTransfer

  /// Whether a version has the fault.
  func afflicts(_ version: ProbeVersion) -> Bool {
    switch self {
    case .refusesPortClose: version.generation == 2 && version.debugLevel == 28
    case .hangsOnIdleExit: version.generation == 3 && version.debugLevel == 15
    case .hangsOnEmptyTransfer: version.generation >= 3
    }
  }
}
