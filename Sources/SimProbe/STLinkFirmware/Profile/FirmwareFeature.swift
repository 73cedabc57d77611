/// What firmware has from some level on (docs/simulated-probe.md, "Versions").
enum FirmwareFeature: CaseIterable, Sendable {
  /// In every version of V2 and V3.
  case always
  /// GET_TARGET_VOLTAGE and the trace commands.
  case voltageAndTrace
  /// GETLASTRWSTATUS2 and the floating-point registers.
  case extendedStatus
  /// SWD_SET_FREQ by divisor.
  case swdDivisor
  /// JTAG_SET_FREQ by divisor.
  case jtagDivisor
  /// READ_DAP_REG and WRITE_DAP_REG.
  case dapRegisters
  /// 16-bit memory commands and 32-bit writes without increment.
  case halfwordMemory
  /// INIT_AP and CLOSE_AP_DBG, and the LED.
  case accessPorts
  /// Banked debug-port registers, RW_MISC, 32-bit reads without increment, CSW and port number in memory commands.
  case listsAndBanks
  /// DRIVE_TARGET_PWR.
  case targetPower
  /// GET_BOARD_IDENTIFIERS.
  case boardIdentifiers
  /// Memory commands only on access ports that have been opened.
  case openPortsOnly
  /// GET_VERSION_EX and the clock in kHz.
  case extendedVersion

  /// The debug level from which on V2 and V3 have the feature; nil where they never do.
  struct Since: Equatable, Sendable {
    let v2: UInt8?
    let v3: UInt8?
  }

  /// When the feature came.
  var since: Since {
    switch self {
    case .always: Since(v2: 0, v3: 0)
    case .voltageAndTrace: Since(v2: 13, v3: 0)
    case .extendedStatus: Since(v2: 15, v3: 0)
    case .swdDivisor: Since(v2: 22, v3: nil)
    case .jtagDivisor: Since(v2: 24, v3: nil)
    case .dapRegisters: Since(v2: 24, v3: 0)
    case .halfwordMemory: Since(v2: 26, v3: 0)
    case .accessPorts: Since(v2: 28, v3: 0)
    case .listsAndBanks: Since(v2: 32, v3: 2)
    case .targetPower: Since(v2: 34, v3: 4)
    case .boardIdentifiers: Since(v2: 36, v3: 6)
    case .openPortsOnly: Since(v2: 37, v3: 7)
    case .extendedVersion: Since(v2: nil, v3: 0)
    }
  }
}

extension ProbeVersion {
  /// Whether this firmware has a feature; V3PWR firmware (V4) has all that V3 ever got.
  func has(_ feature: FirmwareFeature) -> Bool {
    let since = feature.since
    guard generation >= 3 else { return since.v2.map { debugLevel >= $0 } ?? false }
    return since.v3.map { generation > 3 || debugLevel >= $0 } ?? false
  }
}
