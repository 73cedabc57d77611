/// DAP registers (docs/simulated-probe.md, "Commands"); sticky errors are left to the host.
extension STLinkFirmware {
  /// The port number that stands for the debug port.
  private static let debugPort: UInt16 = 0xFFFF

  func readDAPRegister(_ command: CommandBlock) {
    let (port, register) = (command.halfword(at: 2), command.halfword(at: 4))
    replyValue { () throws(ProbeStatus) in
      try requireLink()
      if port == Self.debugPort {
        return try driver.readDebugPort(UInt8(register & 0x0C), bank: debugBank(register))
      }
      try checkPortNumber(port)
      return try driver.readAccessPort(UInt8(truncatingIfNeeded: port), UInt8(truncatingIfNeeded: register))
    }
  }

  func writeDAPRegister(_ command: CommandBlock) {
    let (port, register, value) = (command.halfword(at: 2), command.halfword(at: 4), command.word(at: 6))
    replyStatus { () throws(ProbeStatus) in
      try requireLink()
      if port == Self.debugPort {
        return try driver.writeDebugPort(UInt8(register & 0x0C), bank: debugBank(register), value)
      }
      try checkPortNumber(port)
      try driver.writeAccessPort(UInt8(truncatingIfNeeded: port), UInt8(truncatingIfNeeded: register), value)
    }
  }

  /// The bank stands above the register number, from J32 on; before, the bits are ignored.
  private func debugBank(_ register: UInt16) -> UInt8 {
    profile.version.has(.listsAndBanks) ? UInt8(register >> 4 & 0x0F) : 0
  }
}
