/// What an ST-LINK is asked to do: the first byte of a command block, and the second where the first names a group.
///
/// ST has not published the protocol; names and numbers are those that the public host programs agree on.
public enum STLinkOpcode: String, Sendable, Hashable, CaseIterable {
  /// Tells V, J and S or M.
  case getVersion
  /// Tells every part of the version (V3).
  case getVersionExtended
  /// Tells what the probe is doing.
  case getCurrentMode
  /// Measures the target's reference voltage.
  case getTargetVoltage
  /// Leaves the state that waits for a firmware update.
  case exitDFU
  /// Leaves SWIM mode.
  case exitSWIM
  /// Reads memory by 32-bit accesses.
  case readMemory32
  /// Writes memory by 32-bit accesses.
  case writeMemory32
  /// Reads memory by 8-bit accesses.
  case readMemory8
  /// Writes memory by 8-bit accesses.
  case writeMemory8
  /// Leaves debug mode.
  case exitDebug
  /// Connects to the target.
  case enter
  /// Tells the DPIDR that ENTER read.
  case readIDCodes
  /// Resets the core.
  case resetSystem
  /// Reads a core register.
  case readRegister
  /// Writes a core register.
  case writeRegister
  /// Writes one aligned word anywhere.
  case writeDebugRegister
  /// Reads one aligned word anywhere.
  case readDebugRegister
  /// Reads the core registers at once.
  case readAllRegisters
  /// Tells the status of the last memory command (before J15).
  case getLastStatus
  /// Drives or releases NRST.
  case driveReset
  /// Tells the status of the last memory command, with the address of a fault.
  case getLastStatus2
  /// Starts receiving SWO.
  case startTrace
  /// Stops receiving SWO.
  case stopTrace
  /// Tells how many SWO bytes wait.
  case getTraceCount
  /// Sets the SWD clock by its divisor (V2).
  case setSWDFrequency
  /// Sets the JTAG clock by its divisor (V2).
  case setJTAGFrequency
  /// Reads a register of the debug port or an access port.
  case readDAPRegister
  /// Writes a register of the debug port or an access port.
  case writeDAPRegister
  /// Reads memory by 16-bit accesses.
  case readMemory16
  /// Writes memory by 16-bit accesses.
  case writeMemory16
  /// Opens an access port.
  case initAccessPort
  /// Closes an access port.
  case closeAccessPort
  /// Tells the board's mbed identifier.
  case getBoardIdentifiers
  /// Sets the clock in kHz (V3).
  case setComFrequency
  /// Lists the clocks (V3).
  case getComFrequency
  /// Changes the probe's own clock and with it the list (V3).
  case switchFrequency

  /// What comes back on the IN endpoint.
  public enum Reply: Sendable, Hashable {
    /// Nothing; asking for it would take the next command's reply.
    case none
    /// This many bytes when the command succeeds; two bytes of status may be all when it does not.
    case bytes(Int)
    /// As many bytes as the command block announces.
    case announced
  }

  /// The name by which other programs and their logs know the command: "READMEM32".
  public var name: String { row.name }

  /// The bytes that name the command: one, or two where the first is a group.
  public var bytes: [UInt8] { row.bytes }

  /// What comes back.
  public var reply: Reply { row.reply }

  /// Whether the command goes over the target's bus, where an access that fails leaves its mark in the debug port.
  var isAccess: Bool {
    switch self {
    case .readMemory32, .writeMemory32, .readMemory16, .writeMemory16, .readMemory8, .writeMemory8, .getLastStatus,
      .getLastStatus2, .readRegister, .writeRegister, .readAllRegisters, .readDebugRegister, .writeDebugRegister,
      .readDAPRegister, .writeDAPRegister, .resetSystem:
      true
    case .getVersion, .getVersionExtended, .getCurrentMode, .getTargetVoltage, .exitDFU, .exitSWIM, .exitDebug, .enter,
      .readIDCodes, .driveReset, .startTrace, .stopTrace, .getTraceCount, .setSWDFrequency, .setJTAGFrequency,
      .initAccessPort, .closeAccessPort, .getBoardIdentifiers, .setComFrequency, .getComFrequency, .switchFrequency:
      false
    }
  }

  /// The command that a block asks for; nil for one that is not in this list.
  public init?(block: [UInt8]) {
    guard let found = STLinkOpcode.allCases.first(where: { block.starts(with: $0.bytes) }) else { return nil }
    self = found
  }

  private struct Row {
    var name: String
    var bytes: [UInt8]
    var reply: Reply

    init(_ name: String, _ bytes: [UInt8], _ reply: Reply) {
      self.name = name
      self.bytes = bytes
      self.reply = reply
    }
  }

  private var row: Row {
    switch self {
    case .getVersion: Row("GET_VERSION", [0xF1], .bytes(6))
    case .getVersionExtended: Row("GET_VERSION_EX", [0xFB], .bytes(12))
    case .getCurrentMode: Row("GET_CURRENT_MODE", [0xF5], .bytes(2))
    case .getTargetVoltage: Row("GET_TARGET_VOLTAGE", [0xF7], .bytes(8))
    case .exitDFU: Row("DFU_EXIT", [0xF3, 0x07], .none)
    case .exitSWIM: Row("SWIM_EXIT", [0xF4, 0x01], .none)
    case .readMemory32: Row("READMEM32", [0xF2, 0x07], .announced)
    case .writeMemory32: Row("WRITEMEM32", [0xF2, 0x08], .none)
    case .readMemory8: Row("READMEM8", [0xF2, 0x0C], .announced)
    case .writeMemory8: Row("WRITEMEM8", [0xF2, 0x0D], .none)
    case .exitDebug: Row("EXIT", [0xF2, 0x21], .none)
    case .enter: Row("ENTER", [0xF2, 0x30], .bytes(2))
    case .readIDCodes: Row("READ_IDCODES", [0xF2, 0x31], .bytes(12))
    case .resetSystem: Row("RESETSYS", [0xF2, 0x32], .bytes(2))
    case .readRegister: Row("READREG", [0xF2, 0x33], .bytes(8))
    case .writeRegister: Row("WRITEREG", [0xF2, 0x34], .bytes(2))
    case .writeDebugRegister: Row("WRITEDEBUGREG", [0xF2, 0x35], .bytes(2))
    case .readDebugRegister: Row("READDEBUGREG", [0xF2, 0x36], .bytes(8))
    case .readAllRegisters: Row("READALLREGS", [0xF2, 0x3A], .bytes(88))
    case .getLastStatus: Row("GETLASTRWSTATUS", [0xF2, 0x3B], .bytes(2))
    case .driveReset: Row("DRIVE_NRST", [0xF2, 0x3C], .bytes(2))
    case .getLastStatus2: Row("GETLASTRWSTATUS2", [0xF2, 0x3E], .bytes(12))
    case .startTrace: Row("START_TRACE_RX", [0xF2, 0x40], .bytes(2))
    case .stopTrace: Row("STOP_TRACE_RX", [0xF2, 0x41], .bytes(2))
    case .getTraceCount: Row("GET_TRACE_NB", [0xF2, 0x42], .bytes(2))
    case .setSWDFrequency: Row("SWD_SET_FREQ", [0xF2, 0x43], .bytes(2))
    case .setJTAGFrequency: Row("JTAG_SET_FREQ", [0xF2, 0x44], .bytes(2))
    case .readDAPRegister: Row("READ_DAP_REG", [0xF2, 0x45], .bytes(8))
    case .writeDAPRegister: Row("WRITE_DAP_REG", [0xF2, 0x46], .bytes(2))
    case .readMemory16: Row("READMEM16", [0xF2, 0x47], .announced)
    case .writeMemory16: Row("WRITEMEM16", [0xF2, 0x48], .none)
    case .initAccessPort: Row("INIT_AP", [0xF2, 0x4B], .bytes(2))
    case .closeAccessPort: Row("CLOSE_AP_DBG", [0xF2, 0x4C], .bytes(2))
    case .getBoardIdentifiers: Row("GET_BOARD_IDENTIFIERS", [0xF2, 0x56], .bytes(128))
    case .setComFrequency: Row("SET_COM_FREQ", [0xF2, 0x61], .bytes(8))
    case .getComFrequency: Row("GET_COM_FREQ", [0xF2, 0x62], .bytes(52))
    case .switchFrequency: Row("SWITCH_STLINK_FREQ", [0xF2, 0x63], .bytes(8))
    }
  }
}
