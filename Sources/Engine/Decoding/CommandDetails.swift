import Basics

/// What a command's bytes say: its arguments, its reply, its status.
struct CommandDetails {
  let block: [UInt8]
  let output: [UInt8]
  let reply: [UInt8]?
  let statusReply: [UInt8]?

  /// Fills in name, subject, payloads and status.
  func describe(_ operation: inout DecodedOperation) {
    guard let command = CommandVocabulary.command(in: block) else {
      operation.isKnown = false
      operation.name = "UNKNOWN"
      operation.outgoing = .bytes(block + output)
      operation.incoming = reply.map { .bytes($0) }
      return
    }
    operation.name = command.name
    describeArguments(command, &operation)
    if !output.isEmpty {
      operation.outgoing = data(output, at: operation.address, isWrite: true)
      noteRegisters(output, isWritten: true, &operation)
    }
    describeReply(command, &operation)
    if let statusReply, let first = statusReply.first {
      operation.status = STLinkStatus(rawValue: first)
    }
  }

  /// The name of what stands at an offset of a command block; nil behind the last argument.
  static func field(at offset: Int, in block: [UInt8]) -> String? {
    guard let command = CommandVocabulary.command(in: block) else { return nil }
    if offset < 2 { return "the command" }
    return command.arguments.fields.first { $0.bytes.contains(offset) }?.name
  }

  // MARK: Arguments

  private func describeArguments(_ command: CommandVocabulary, _ operation: inout DecodedOperation) {
    switch command.arguments {
    case .none: break
    case .memory:
      let address = word(2)
      operation.address = address
      operation.subject = "\(place(address)) \(Int(halfword(6)).inBytes)"
    case .address:
      operation.address = word(2)
      operation.subject = place(word(2))
    case .addressAndValue:
      operation.address = word(2)
      operation.subject = place(word(2))
      operation.outgoing = value(word(6), at: word(2), isWrite: true)
      noteRegisters(Array(block.dropFirst(6).prefix(4)), isWritten: true, &operation)
    case .register:
      operation.subject = CoreRegister(rawValue: byte(2)).name
    case .registerAndValue:
      operation.subject = CoreRegister(rawValue: byte(2)).name
      operation.outgoing = .word(word(3), parts: [])
    case .port:
      operation.subject = DebugPortNames.name(port: halfword(2), register: halfword(4), isWrite: false)
    case .portAndValue:
      operation.subject = DebugPortNames.name(port: halfword(2), register: halfword(4), isWrite: true)
      operation.outgoing = .word(word(6), parts: [])
    case .entry:
      operation.subject =
        [0xA3: "SWD", 0xA4: "JTAG", 0x00: "JTAG with a reset pulse"][byte(2)] ?? "protocol \(byte(2))"
    case .resetLevel:
      operation.subject = [0: "low", 1: "high", 2: "pulse"][byte(2)] ?? "level \(byte(2))"
    case .accessPort: operation.subject = "AP \(byte(2))"
    case .divisor: operation.subject = "divisor \(halfword(2))"
    case .frequency: operation.subject = "\(byte(2) == 0 ? "SWD" : "JTAG") \(Int(word(4)).frequency)"
    case .trace: operation.subject = "\(Int(halfword(2)).inBytes), \(word(4)) baud"
    case .number: operation.subject = "\(byte(2))"
    }
  }

  // MARK: Reply

  private func describeReply(_ command: CommandVocabulary, _ operation: inout DecodedOperation) {
    guard let reply else { return }
    switch command.reply {
    case .none: operation.incoming = .bytes(reply)
    case .status, .statusAndWord, .statusAndWords: describeStatusReply(reply, command, &operation)
    case .word: operation.incoming = .word(word(0, of: reply), parts: [])
    case .count: operation.incoming = .text(Int(halfword(0, of: reply)).inBytes)
    case .memory:
      operation.incoming = data(reply, at: operation.address)
      noteRegisters(reply, isWritten: false, &operation)
    case .bytes: operation.incoming = text(of: reply).map { .text($0) } ?? .bytes(reply)
    }
  }

  private func describeStatusReply(
    _ reply: [UInt8], _ command: CommandVocabulary, _ operation: inout DecodedOperation
  ) {
    operation.status = reply.first.map(STLinkStatus.init)
    // What stands behind the status of a command that failed is left over from earlier ones.
    guard operation.status == .ok else { return }
    switch command.reply {
    case .statusAndWord where reply.count >= 8:
      operation.incoming = value(word(4, of: reply), at: operation.address)
      noteRegisters(Array(reply[4..<8]), isWritten: false, &operation)
    case .statusAndWords where reply.count >= 8:
      let words = stride(from: 4, to: reply.count - 3, by: 4).map { word($0, of: reply) }
      operation.incoming = .text(CommandDetails.words(words, of: command.name))
    case .status where command.name == STLinkOpcode.getBoardIdentifiers.name && reply.count >= 6:
      operation.incoming = .text(String(decoding: reply[2..<6], as: UTF8.self).filter { $0.isLetter || $0.isNumber })
    default: break
    }
  }

  private static func words(_ words: [UInt32], of name: String) -> String {
    switch name {
    case STLinkOpcode.readAllRegisters.name:
      return zip(0..., words).map { index, word in
        let register = index < 19 ? CoreRegister(rawValue: UInt8(index)).name : "rw\(index - 18)"
        return "\(register)=\(Hexadecimal.digits(word, width: 8))"
      }.joined(separator: " ")
    case STLinkOpcode.getComFrequency.name:
      let count = words.count > 1 ? Int(clamping: words[1]) : 0
      let choices = words.dropFirst(2).prefix(count).map { Int($0).frequency }
      return "\(Int(words[0]).frequency) of \(choices.joined(separator: ", "))"
    default:
      return words.map { "0x" + Hexadecimal.digits($0, width: 8) }.joined(separator: " ")
    }
  }

  /// Replies that have a form of their own; nil for what is not as long as it has to be.
  private func text(of reply: [UInt8]) -> String? {
    switch STLinkOpcode(block: block) {
    case .getVersion where reply.count == 6:
      let product = STLinkProduct(vendorID: halfword(2, of: reply), productID: halfword(4, of: reply))
      let version = FirmwareVersion(reply: reply, generation: product?.generation ?? .v2)
      let ids = Hexadecimal.usbIDs(vendorID: halfword(2, of: reply), productID: halfword(4, of: reply))
      return version.map { "\($0) \(ids)" }
    case .getVersionExtended: return FirmwareVersion(extendedReply: reply).map(\.description)
    case .getCurrentMode where reply.count >= 2:
      return STLinkMode(rawValue: reply[0])?.title ?? "mode \(reply[0])"
    case .getTargetVoltage where reply.count == 8 && word(0, of: reply) != 0:
      return Int(2400 * UInt64(word(4, of: reply)) / UInt64(word(0, of: reply))).volts
    default: return nil
    }
  }

  // MARK: Parts

  /// A word in or out, with its fields where the address is a register's.
  private func value(
    _ word: UInt32, at address: UInt32?, isWrite: Bool = false
  ) -> DecodedOperation.Payload {
    .word(word, parts: address.flatMap(KnownRegister.at)?.parts(of: word, isWrite: isWrite) ?? [])
  }

  /// Memory bytes; one to four words that are all known registers by their names.
  private func data(_ bytes: [UInt8], at address: UInt32?, isWrite: Bool = false) -> DecodedOperation.Payload {
    guard let address, (1...4).contains(bytes.count / 4), bytes.count.isMultiple(of: 4) else { return .bytes(bytes) }
    let offsets = Array(stride(from: 0, to: bytes.count, by: 4))
    let registers = offsets.compactMap { KnownRegister.at(address &+ UInt32($0)) }
    guard registers.count == offsets.count else { return .bytes(bytes) }
    if offsets.count == 1 { return value(word(0, of: bytes), at: address, isWrite: isWrite) }
    let words = zip(registers, offsets).map { register, offset in
      let word = word(offset, of: bytes)
      let payload = DecodedOperation.Payload.word(word, parts: register.parts(of: word, isWrite: isWrite))
      return "\(register.name) \(payload.text)"
    }
    return .text(words.joined(separator: ", "))
  }

  /// Keeps the words of known registers among bytes from the operation's address on.
  private func noteRegisters(_ bytes: [UInt8], isWritten: Bool, _ operation: inout DecodedOperation) {
    guard let start = operation.address else { return }
    for offset in stride(from: 0, to: min(bytes.count, 16) - 3, by: 4) {
      let address = start &+ UInt32(offset)
      guard KnownRegister.at(address) != nil else { continue }
      operation.registers.append(
        DecodedOperation.RegisterWord(address: address, value: word(offset, of: bytes), isWritten: isWritten))
    }
  }

  private func place(_ address: UInt32) -> String {
    KnownRegister.at(address)?.name ?? "0x" + Hexadecimal.digits(address, width: 8)
  }

  private func byte(_ offset: Int) -> UInt8 { offset < block.count ? block[offset] : 0 }

  private func halfword(_ offset: Int) -> UInt16 { halfword(offset, of: block) }

  private func word(_ offset: Int) -> UInt32 { word(offset, of: block) }

  private func halfword(_ offset: Int, of bytes: [UInt8]) -> UInt16 {
    UInt16(truncatingIfNeeded: word(offset, of: bytes))
  }

  /// A little-endian word; bytes that are not there count as zero.
  private func word(_ offset: Int, of bytes: [UInt8]) -> UInt32 {
    (0..<4).reduce(0) { value, index in
      offset + index < bytes.count ? value | UInt32(bytes[offset + index]) << (8 * UInt32(index)) : value
    }
  }
}

extension CommandVocabulary.Arguments {
  /// The arguments with the offsets that they have in the block.
  var fields: [(name: String, bytes: Range<Int>)] {
    switch self {
    case .none: []
    case .memory: [("the address", 2..<6), ("the byte count", 6..<8), ("the access port and its CSW", 8..<12)]
    case .address: [("the address", 2..<6)]
    case .addressAndValue: [("the address", 2..<6), ("the value", 6..<10)]
    case .register: [("the register", 2..<3)]
    case .registerAndValue: [("the register", 2..<3), ("the value", 3..<7)]
    case .port: [("the port", 2..<4), ("the register", 4..<6)]
    case .portAndValue: [("the port", 2..<4), ("the register", 4..<6), ("the value", 6..<10)]
    case .entry: [("the protocol", 2..<3)]
    case .resetLevel: [("the level", 2..<3)]
    case .accessPort: [("the access port", 2..<3)]
    case .divisor: [("the divisor", 2..<4)]
    case .frequency: [("the protocol", 2..<3), ("the frequency", 4..<8)]
    case .trace: [("the buffer size", 2..<4), ("the baud rate", 4..<8)]
    case .number: [("the number", 2..<3)]
    }
  }
}

extension CoreRegister {
  /// The name in the manual (ARMv7-M, C1.6.3).
  var name: String {
    switch rawValue {
    case 0...12: "R\(rawValue)"
    case 13: "SP"
    case 14: "LR"
    case 15: "PC"
    case 16: "xPSR"
    case 17: "MSP"
    case 18: "PSP"
    case 20: "CONTROL/FAULTMASK/BASEPRI/PRIMASK"
    case 33: "FPSCR"
    case 64...95: "S\(rawValue - 64)"
    default: "register \(rawValue)"
    }
  }
}

/// Names of the registers of debug port and AHB access port (ADIv5, chapters B2 and C2).
enum DebugPortNames {
  private static let reads: [UInt16: String] = [0x00: "DPIDR", 0x04: "CTRL/STAT", 0x08: "RESEND", 0x0C: "RDBUFF"]
  private static let writes: [UInt16: String] = [0x00: "ABORT", 0x04: "CTRL/STAT", 0x08: "SELECT"]
  private static let accessPort: [UInt16: String] = [
    0x00: "CSW", 0x04: "TAR", 0x0C: "DRW", 0x10: "BD0", 0x14: "BD1", 0x18: "BD2", 0x1C: "BD3", 0xF4: "CFG",
    0xF8: "BASE", 0xFC: "IDR",
  ]

  /// "DP CTRL/STAT", "AP 0 TAR".
  static func name(port: UInt16, register: UInt16, isWrite: Bool) -> String {
    let isDebugPort = port == DAPPort.debugPort.number
    let known = isDebugPort ? (isWrite ? writes[register] : reads[register]) : accessPort[register]
    let text = known ?? "register 0x" + Hexadecimal.digits(register, width: 2)
    return isDebugPort ? "DP \(text)" : "AP \(port) \(text)"
  }
}
