/// Something that a probe's firmware can do from some level on.
public enum FirmwareFeature: String, Sendable, CaseIterable {
  /// GET_TARGET_VOLTAGE.
  case targetVoltage
  /// START_TRACE_RX, STOP_TRACE_RX and GET_TRACE_NB.
  case trace
  /// GETLASTRWSTATUS2, which also tells the address of a fault, and the FPU registers.
  case lastStatusWithAddress
  /// SWD_SET_FREQ.
  case swdFrequency
  /// READ_DAP_REG and WRITE_DAP_REG.
  case dapRegisters
  /// READMEM16 and WRITEMEM16.
  case halfwordAccess
  /// INIT_AP and CLOSE_AP_DBG.
  case accessPortControl
  /// The access port's number in memory commands, and banked registers of the debug port.
  case accessPortSelection
  /// GET_BOARD_IDENTIFIERS.
  case boardIdentifiers
  /// 8-bit transfers of more than 64 bytes.
  case longByteTransfers
  /// SET_COM_FREQ and GET_COM_FREQ.
  case clockList

  /// What the firmware can do, in words that complete "this firmware cannot …".
  var title: String {
    switch self {
    case .targetVoltage: "measure the target's voltage"
    case .trace: "receive SWO"
    case .lastStatusWithAddress: "tell the address of a memory fault"
    case .swdFrequency: "set the SWD clock"
    case .dapRegisters: "access DP and AP registers"
    case .halfwordAccess: "make 16-bit accesses"
    case .accessPortControl: "open and close access ports"
    case .accessPortSelection: "choose the access port of a memory access"
    case .boardIdentifiers: "tell the board's identifier"
    case .longByteTransfers: "move more than 64 bytes by 8-bit accesses"
    case .clockList: "list its clocks"
    }
  }

  /// What to say of a probe that refuses it although its version has it.
  public var missing: String {
    "the probe refuses to \(title), which its firmware says it can: probably a clone of an older one"
  }

  /// The lowest debug level (J) that has the feature; nil where no level has it.
  struct Since: Sendable, Equatable {
    var v2: Int?
    var v3: Int?
  }

  /// The versions with which it came, in words.
  var versions: String {
    let versions = [since.v2.map { "V2J\($0)" }, since.v3.map { $0 == 0 ? "any V3" : "V3J\($0)" }]
    return versions.compactMap { $0 }.joined(separator: ", ")
  }

  /// The levels as OpenOCD, pyOCD and stlink tell them; where they differ, the highest.
  var since: Since {
    switch self {
    case .targetVoltage, .trace: Since(v2: 13, v3: 0)
    case .lastStatusWithAddress: Since(v2: 15, v3: 0)
    case .swdFrequency: Since(v2: 22, v3: nil)
    case .dapRegisters: Since(v2: 24, v3: 0)
    case .halfwordAccess: Since(v2: 26, v3: 0)
    case .accessPortControl: Since(v2: 28, v3: 0)
    case .accessPortSelection: Since(v2: 32, v3: 2)
    case .boardIdentifiers: Since(v2: 36, v3: 6)
    case .longByteTransfers: Since(v2: nil, v3: 6)
    case .clockList: Since(v2: nil, v3: 0)
    }
  }
}

/// Something that a probe's firmware does wrong at some levels.
public enum FirmwareQuirk: String, Sendable, CaseIterable {
  /// CLOSE_AP_DBG answers "bad AP" although it has closed it; V2J28 only, fixed in J29 (OpenOCD).
  case closeReportsBadAccessPort
  /// EXIT outside debug mode hangs the probe until it is replugged; V3J15 (stlink 1399).
  ///
  /// We never send EXIT outside debug mode on any firmware; the row is here to be shown.
  case exitOutsideDebugHangs

  /// The generations and levels at which the firmware does it.
  var affected: (major: Int, debug: ClosedRange<Int>) {
    switch self {
    case .closeReportsBadAccessPort: (2, 28...28)
    case .exitOutsideDebugHangs: (3, 15...15)
    }
  }
}

extension FirmwareVersion {
  /// Whether this firmware can do it; V3PWR's firmware (major version 4) can do all that V3's can.
  public func supports(_ feature: FirmwareFeature) -> Bool {
    switch major {
    case 2: feature.since.v2.map { debug >= $0 } ?? false
    case 3: feature.since.v3.map { debug >= $0 } ?? false
    case 4...: feature.since.v3 != nil
    default: false
    }
  }

  /// Whether this firmware does it wrong.
  public func has(_ quirk: FirmwareQuirk) -> Bool {
    quirk.affected.major == major && quirk.affected.debug.contains(debug)
  }

  /// Does nothing when the firmware can do it.
  ///
  /// - Throws: `DebugError.unsupported` when it cannot.
  func require(_ feature: FirmwareFeature) throws(DebugError) {
    guard supports(feature) else { throw lack(of: feature) }
  }

  /// The error of a firmware that cannot do it.
  func lack(of feature: FirmwareFeature) -> DebugError {
    .unsupported(feature: feature.title, firmware: description, since: feature.versions)
  }
}
