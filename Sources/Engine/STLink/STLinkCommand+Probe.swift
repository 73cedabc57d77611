// Commands to the probe itself. Layouts: byte 0 is the class, byte 1 the command within it, numbers little-endian.

extension STLinkCommand {
  /// `F1` → version word (big-endian), USB ids.
  static let getVersion = STLinkCommand(.getVersion, status: .none)

  /// `FB` → V, S, J, M, B, P, 0, 0, USB ids.
  static let getVersionExtended = STLinkCommand(.getVersionExtended, status: .none)

  /// `F5` → mode, and a byte without meaning.
  static let getCurrentMode = STLinkCommand(.getCurrentMode, status: .none)

  /// `F7` → reading of the 1.2 V reference (word), reading of half the target's voltage (word); no status.
  static let getTargetVoltage = STLinkCommand(.getTargetVoltage, status: .none)

  /// `F3 07`, no reply.
  static let exitDFU = STLinkCommand(.exitDFU, status: .none)

  /// `F4 01`, no reply.
  static let exitSWIM = STLinkCommand(.exitSWIM, status: .none)

  /// `F2 21`, no reply; only ever sent in debug mode (`FirmwareQuirk.exitOutsideDebugHangs`).
  static let exitDebug = STLinkCommand(.exitDebug, status: .none, isRepeatable: false)

  /// `F2 56` → status, 4 characters at offset 2; 128 bytes in all, and asking for fewer hangs the next command.
  static let getBoardIdentifiers = STLinkCommand(.getBoardIdentifiers, status: .reply)

  /// `F2 43 <divisor, halfword>` → status.
  static func setSWDFrequency(divisor: UInt16) -> STLinkCommand {
    STLinkCommand(.setSWDFrequency, arguments: bytes(divisor), status: .reply)
  }

  /// `F2 61 00 00 <kHz, word>` → status, 2 stale bytes, actual kHz (word).
  ///
  /// Byte 2 is the protocol: 0 for SWD.
  static func setComFrequency(kHz: UInt32) -> STLinkCommand {
    STLinkCommand(.setComFrequency, arguments: [0x00, 0x00] + bytes(kHz), status: .reply)
  }

  /// `F2 62 00` → status, 2 stale bytes, current kHz (word), count (word), ten kHz (words), fastest first.
  ///
  /// Byte 2 is the protocol: 0 for SWD.
  static let getComFrequency = STLinkCommand(.getComFrequency, arguments: [0x00], status: .reply)

  /// `F2 3C <level>` → status; 00 drives NRST low, 01 releases it.
  ///
  /// Works before ENTER.
  static func driveReset(_ level: ResetLevel) -> STLinkCommand {
    STLinkCommand(.driveReset, arguments: [level == .asserted ? 0x00 : 0x01], status: .reply)
  }

  /// `F2 3E` → status, 2 unused bytes, address of the fault (word), 4 unused bytes: how the last memory command went.
  static let getLastStatus2 = STLinkCommand(.getLastStatus2, status: .reply)

  /// `F2 3B` → status: the same on firmware before J15, without the address.
  static let getLastStatus = STLinkCommand(.getLastStatus, status: .reply)

  /// `F2 40 <buffer size, halfword> <baud, word>` → status: forgets what was received, and receives SWO from now on.
  static func startTrace(bufferByteCount: UInt16, baud: UInt32) -> STLinkCommand {
    STLinkCommand(.startTrace, arguments: bytes(bufferByteCount) + bytes(baud), status: .reply)
  }

  /// `F2 41` → status.
  static let stopTrace = STLinkCommand(.stopTrace, status: .reply)

  /// `F2 42` → the number of bytes that wait (halfword), without a status.
  static let getTraceCount = STLinkCommand(.getTraceCount, status: .none)
}
