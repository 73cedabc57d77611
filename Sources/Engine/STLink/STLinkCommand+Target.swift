// Commands to the target's debug port and core. "Status" is the first byte of the reply, followed by a zero.

extension STLinkCommand {
  /// `F2 30 A3 00` → status: line reset, JTAG-to-SWD switch, DPIDR, power-up, identification of AP 0.
  static let enterSWD = STLinkCommand(.enter, arguments: [0xA3, 0x00], status: .reply)

  /// `F2 32` → status: resets the core.
  static let resetSystem = STLinkCommand(.resetSystem, status: .reply)

  /// `F2 31` → status, 2 stale bytes, DPIDR (word), 0 (word): as latched by ENTER.
  static let readIDCodes = STLinkCommand(.readIDCodes, status: .reply)

  /// `F2 4B <AP> <core>` → status.
  ///
  /// Byte 3 names the core behind the port: 0 is none in particular.
  static func initAccessPort(_ number: UInt8) -> STLinkCommand {
    STLinkCommand(.initAccessPort, arguments: [number, 0x00], status: .reply)
  }

  /// `F2 4C <AP>` → status.
  static func closeAccessPort(_ number: UInt8) -> STLinkCommand {
    STLinkCommand(.closeAccessPort, arguments: [number], status: .reply)
  }

  /// `F2 33 <selector>` → status, 2 stale bytes, value (word).
  static func readRegister(_ register: CoreRegister) -> STLinkCommand {
    STLinkCommand(.readRegister, arguments: [register.rawValue], status: .reply)
  }

  /// `F2 3A` → status, 2 stale bytes, R0 to R15, xPSR, MSP, PSP, and two words of which the first means nothing.
  static let readAllRegisters = STLinkCommand(.readAllRegisters, status: .reply)

  /// `F2 34 <selector> <value, word>` → status.
  static func writeRegister(_ register: CoreRegister, _ value: UInt32) -> STLinkCommand {
    STLinkCommand(.writeRegister, arguments: [register.rawValue] + bytes(value), status: .reply)
  }

  /// `F2 35 <address, word> <value, word>` → status: one 32-bit write through AP 0.
  static func writeDebugRegister(_ value: UInt32, at address: UInt32) -> STLinkCommand {
    STLinkCommand(
      .writeDebugRegister, arguments: bytes(address) + bytes(value), status: .reply, address: address,
      isRepeatable: RepeatableWrites.allow(value, at: address))
  }

  /// `F2 36 <address, word>` → status, 2 stale bytes, value (word): one 32-bit read through AP 0.
  static func readDebugRegister(at address: UInt32) -> STLinkCommand {
    STLinkCommand(
      .readDebugRegister, arguments: bytes(address), status: .reply, address: address,
      isRepeatable: RepeatableReads.allow(byteCount: 4, at: address))
  }

  /// `F2 45 <port, halfword> <register, halfword>` → status, 2 stale bytes, value (word).
  ///
  /// The port is FFFF for the debug port, else the number of the access port. Reading an access port's data registers
  /// (DRW, BD0 to BD3) makes a bus access, which is not made twice.
  static func readDAPRegister(_ port: DAPPort, _ register: UInt16) -> STLinkCommand {
    STLinkCommand(
      .readDAPRegister, arguments: bytes(port.number) + bytes(register), status: .reply,
      isRepeatable: port == .debugPort || !(0x0C...0x1C).contains(register))
  }

  /// `F2 46 <port, halfword> <register, halfword> <value, word>` → status.
  ///
  /// ABORT (DP, 0x0) clears what its bits name and takes them twice.
  static func writeDAPRegister(_ port: DAPPort, _ register: UInt16, _ value: UInt32) -> STLinkCommand {
    STLinkCommand(
      .writeDAPRegister, arguments: bytes(port.number) + bytes(register) + bytes(value), status: .reply,
      isRepeatable: port == .debugPort && register == 0)
  }

  /// `F2 07/47/0C <address, word> <byte count, halfword>` → the bytes, without a status.
  ///
  /// Bytes 8 to 11 (AP number and CSW from J32 on) stay zero: AP 0 and the firmware's own CSW. A READMEM8 of one byte
  /// is answered with two.
  static func readMemory(at address: UInt32, byteCount: Int, width: AccessWidth) -> STLinkCommand {
    let opcode: STLinkOpcode =
      switch width {
      case .byte: .readMemory8
      case .halfword: .readMemory16
      case .word: .readMemory32
      }
    let replyByteCount = opcode == .readMemory8 ? max(2, byteCount) : byteCount
    return STLinkCommand(
      opcode, arguments: bytes(address) + bytes(UInt16(truncatingIfNeeded: byteCount)),
      data: .input(byteCount: replyByteCount), status: .lastStatus, address: address,
      isRepeatable: RepeatableReads.allow(byteCount: byteCount, at: address))
  }

  /// `F2 08/48/0D <address, word> <byte count, halfword>`, then the bytes; no reply.
  static func writeMemory(_ data: [UInt8], at address: UInt32, width: AccessWidth) -> STLinkCommand {
    let opcode: STLinkOpcode =
      switch width {
      case .byte: .writeMemory8
      case .halfword: .writeMemory16
      case .word: .writeMemory32
      }
    return STLinkCommand(
      opcode, arguments: bytes(address) + bytes(UInt16(truncatingIfNeeded: data.count)), data: .output(data),
      status: .lastStatus, address: address,
      isRepeatable: RepeatableWrites.allow(byteCount: data.count, at: address))
  }
}

/// Whose registers a DAP access reaches.
public enum DAPPort: Sendable, Hashable {
  /// The debug port.
  case debugPort
  /// An access port by its number; 0 is the AHB-AP of every F2 and F4, and the only one.
  case accessPort(UInt8)

  var number: UInt16 {
    switch self {
    case .debugPort: 0xFFFF
    case .accessPort(let number): UInt16(number)
    }
  }
}
