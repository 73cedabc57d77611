/// Core registers and single words (docs/simulated-probe.md, "Commands").
extension STLinkFirmware {
  /// The registers of READALLREGS by selector: R0 to R15, xPSR, MSP, PSP, the reserved one, CONTROL and its neighbours.
  static let allRegisters: [UInt8] = Array(0x00...0x14)

  func readRegister(_ command: CommandBlock) {
    let index = command[2]
    replyValue { () throws(ProbeStatus) in
      try checkRegister(index)
      return try targetAccess { () throws(ProbeStatus) in try driver.readCoreRegister(index) }
    }
  }

  func writeRegister(_ command: CommandBlock) {
    let (index, value) = (command[2], command.word(at: 3))
    replyStatus { () throws(ProbeStatus) in
      try checkRegister(index)
      try targetAccess { () throws(ProbeStatus) in try driver.writeCoreRegister(index, value) }
    }
  }

  func readAllRegisters() {
    var offset = 4
    do throws(ProbeStatus) {
      for index in Self.allRegisters {
        let value = try targetAccess { () throws(ProbeStatus) in try driver.readCoreRegister(index) }
        buffer.write(word: value, at: offset)
        offset += 4
      }
      buffer.write(.ok)
    } catch {
      buffer.write(error)
    }
    send(4 + 4 * Self.allRegisters.count)
  }

  /// READDEBUGREG: a single aligned word anywhere in the memory map.
  func readDebugRegister(_ command: CommandBlock) {
    let address = command.word(at: 2)
    replyValue { () throws(ProbeStatus) in
      try targetAccess { () throws(ProbeStatus) in
        try checkAlignment(address)
        return try driver.readWord(at: address)
      }
    }
  }

  /// WRITEDEBUGREG: a single aligned word anywhere in the memory map.
  func writeDebugRegister(_ command: CommandBlock) {
    let (address, value) = (command.word(at: 2), command.word(at: 6))
    replyStatus { () throws(ProbeStatus) in
      try targetAccess { () throws(ProbeStatus) in
        try checkAlignment(address)
        try driver.writeWord(value, at: address)
      }
    }
  }

  private func checkAlignment(_ address: UInt32) throws(ProbeStatus) {
    guard address & 3 == 0 else { throw .alignment }
  }

  /// FPSCR and S0 to S31 came with J15.
  private func checkRegister(_ index: UInt8) throws(ProbeStatus) {
    let isFloatingPoint = index == 0x21 || (0x40...0x5F).contains(index)
    guard !isFloatingPoint || profile.version.has(.extendedStatus) else { throw .commandError }
  }
}
