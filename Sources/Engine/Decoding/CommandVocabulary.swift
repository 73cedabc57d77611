/// Every command that a session can hold, with the places of its arguments and what is answered.
///
/// The engine's own commands are in `STLinkOpcode`; here are also those that only other programs send, so that their
/// sessions can be read: API version 1, DFU, SWIM, trace and the raw memory commands.
struct CommandVocabulary {
  /// What stands behind a command's own bytes.
  enum Arguments: Equatable {
    /// Nothing, or nothing that we know.
    case none
    /// Address (word at 2), byte count (halfword at 6).
    case memory
    /// Address (word at 2).
    case address
    /// Address (word at 2), value (word at 6).
    case addressAndValue
    /// Core register (byte at 2).
    case register
    /// Core register (byte at 2), value (word at 3).
    case registerAndValue
    /// Port (halfword at 2), register (halfword at 4).
    case port
    /// Port (halfword at 2), register (halfword at 4), value (word at 6).
    case portAndValue
    /// The protocol to enter by (byte at 2).
    case entry
    /// The level of NRST (byte at 2).
    case resetLevel
    /// An access port (byte at 2).
    case accessPort
    /// A clock divisor (halfword at 2).
    case divisor
    /// Protocol (byte at 2), kHz (word at 4).
    case frequency
    /// Buffer size (halfword at 2), baud rate (word at 4).
    case trace
    /// A number (byte at 2).
    case number
  }

  /// What comes back.
  enum Reply: Equatable {
    /// Nothing.
    case none
    /// Status (byte 0).
    case status
    /// Status, two stale bytes, a word.
    case statusAndWord
    /// Status, two stale bytes, then words.
    case statusAndWords
    /// A word without a status.
    case word
    /// A count without a status.
    case count
    /// The bytes that the block announces, without a status.
    case memory
    /// Bytes whose meaning only the command's own text knows.
    case bytes
  }

  /// The name that other programs and their logs use.
  let name: String
  /// What stands behind the command's own bytes.
  let arguments: Arguments
  /// What comes back.
  let reply: Reply
  /// Whether write data follow the block.
  let hasOutput: Bool

  private init(_ name: String, _ arguments: Arguments, _ reply: Reply, hasOutput: Bool = false) {
    self.name = name
    self.arguments = arguments
    self.reply = reply
    self.hasOutput = hasOutput
  }

  /// The command that a block asks for; nil for one that nobody documents.
  static func command(in block: [UInt8]) -> CommandVocabulary? {
    guard let group = block.first else { return nil }
    return all[[group]] ?? (block.count > 1 ? all[[group, block[1]]] : nil)
  }

  /// Whether a block asks how the last memory command went.
  static func isStatusQuery(_ block: [UInt8]) -> Bool {
    block.starts(with: STLinkOpcode.getLastStatus2.bytes) || block.starts(with: STLinkOpcode.getLastStatus.bytes)
  }

  private static let all: [[UInt8]: CommandVocabulary] = Dictionary(
    STLinkOpcode.allCases.map { opcode in
      let (arguments, reply, hasOutput) = layout(of: opcode)
      return (opcode.bytes, CommandVocabulary(opcode.name, arguments, reply, hasOutput: hasOutput))
    } + others,
    uniquingKeysWith: { first, _ in first })

  private static func layout(of opcode: STLinkOpcode) -> (Arguments, Reply, hasOutput: Bool) {
    switch opcode {
    case .getVersion, .getVersionExtended, .getCurrentMode, .getTargetVoltage: (.none, .bytes, false)
    case .exitDFU, .exitSWIM, .exitDebug: (.none, .none, false)
    case .readMemory32, .readMemory16, .readMemory8: (.memory, .memory, false)
    case .writeMemory32, .writeMemory16, .writeMemory8: (.memory, .none, true)
    case .enter: (.entry, .status, false)
    case .readIDCodes: (.none, .statusAndWords, false)
    case .readRegister: (.register, .statusAndWord, false)
    case .writeRegister: (.registerAndValue, .status, false)
    case .writeDebugRegister: (.addressAndValue, .status, false)
    case .readDebugRegister: (.address, .statusAndWord, false)
    case .readAllRegisters: (.none, .statusAndWords, false)
    case .driveReset: (.resetLevel, .status, false)
    case .setSWDFrequency, .setJTAGFrequency: (.divisor, .status, false)
    case .readDAPRegister: (.port, .statusAndWord, false)
    case .writeDAPRegister: (.portAndValue, .status, false)
    case .initAccessPort, .closeAccessPort: (.accessPort, .status, false)
    case .startTrace: (.trace, .status, false)
    case .getTraceCount: (.none, .count, false)
    case .getBoardIdentifiers: (.none, .status, false)
    case .setComFrequency: (.frequency, .statusAndWord, false)
    case .getComFrequency: (.number, .statusAndWords, false)
    case .switchFrequency: (.number, .status, false)
    case .resetSystem, .getLastStatus, .getLastStatus2, .stopTrace: (.none, .status, false)
    }
  }

  /// Commands that the engine does not send.
  private static let others: [([UInt8], CommandVocabulary)] = [
    ([0xF2, 0x01], CommandVocabulary("GETSTATUS", .none, .status)),
    ([0xF2, 0x02], CommandVocabulary("FORCEDEBUG", .none, .status)),
    ([0xF2, 0x03], CommandVocabulary("RESETSYS_V1", .none, .status)),
    ([0xF2, 0x04], CommandVocabulary("READALLREGS_V1", .none, .bytes)),
    ([0xF2, 0x05], CommandVocabulary("READREG_V1", .register, .word)),
    ([0xF2, 0x06], CommandVocabulary("WRITEREG_V1", .registerAndValue, .status)),
    ([0xF2, 0x09], CommandVocabulary("RUNCORE", .none, .status)),
    ([0xF2, 0x0A], CommandVocabulary("STEPCORE", .none, .status)),
    ([0xF2, 0x0B], CommandVocabulary("SETFP", .number, .status)),
    ([0xF2, 0x0E], CommandVocabulary("CLEARFP", .number, .status)),
    ([0xF2, 0x0F], CommandVocabulary("WRITEDEBUGREG_V1", .addressAndValue, .status)),
    ([0xF2, 0x10], CommandVocabulary("SETWATCHPOINT", .none, .status)),
    ([0xF2, 0x20], CommandVocabulary("ENTER_V1", .entry, .none)),
    ([0xF2, 0x22], CommandVocabulary("READCOREID", .none, .word)),
    ([0xF2, 0x49], CommandVocabulary("BLINK_LED", .none, .status)),
    ([0xF2, 0x4A], CommandVocabulary("GET_DISK_NAME", .none, .bytes)),
    ([0xF2, 0x50], CommandVocabulary("WRITEMEM32_NO_INCREMENT", .memory, .none, hasOutput: true)),
    ([0xF2, 0x51], CommandVocabulary("RW_MISC_OUT", .none, .none, hasOutput: true)),
    ([0xF2, 0x52], CommandVocabulary("RW_MISC_IN", .none, .bytes)),
    ([0xF2, 0x53], CommandVocabulary("RW_MISC_GET_MAX", .none, .bytes)),
    ([0xF2, 0x54], CommandVocabulary("READMEM32_NO_INCREMENT", .memory, .memory)),
    ([0xF2, 0x55], CommandVocabulary("WRITE_DFTREG", .none, .status)),
    ([0xF3, 0x00], CommandVocabulary("DFU_DETACH", .none, .none)),
    ([0xF3, 0x01], CommandVocabulary("DFU_DOWNLOAD", .none, .none, hasOutput: true)),
    ([0xF3, 0x02], CommandVocabulary("DFU_UPLOAD", .none, .bytes)),
    ([0xF3, 0x03], CommandVocabulary("DFU_GET_STATUS", .none, .bytes)),
    ([0xF3, 0x04], CommandVocabulary("DFU_CLEAR_STATUS", .none, .none)),
    ([0xF3, 0x05], CommandVocabulary("DFU_GET_STATE", .none, .bytes)),
    ([0xF3, 0x06], CommandVocabulary("DFU_ABORT", .none, .none)),
    ([0xF3, 0x08], CommandVocabulary("DFU_READ_IDENTIFIERS", .none, .bytes)),
    ([0xF4, 0x00], CommandVocabulary("SWIM_ENTER", .none, .none)),
    ([0xFD], CommandVocabulary("DRIVE_TARGET_POWER", .number, .status)),
  ]
}
