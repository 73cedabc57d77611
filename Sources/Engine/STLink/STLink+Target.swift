import Basics

// The way to the target: connecting, leaving, NRST, core registers, DP and AP registers.

extension STLink {
  /// Connects to the target by SWD and opens AP 0: line reset, DPIDR, debug power-up.
  ///
  /// Neither resets nor halts the target.
  ///
  /// - Returns: the target's DPIDR.
  /// - Throws: `DebugError.fault` of the kind `silent` when nothing answers on SWD.
  @discardableResult
  public func enter() throws(DebugError) -> UInt32 {
    isAccessPortOpen = false
    try channel.run(.enterSWD)
    isAccessPortOpen = try runOptional(.initAccessPort(0), .accessPortControl) != nil
    return try channel.run(.readIDCodes).littleEndianWord(at: 4)
  }

  /// What a probe that tells an id that is none might have said itself.
  static var noDebugPort: DebugError {
    .status(.getIDCodeError, during: STLinkOpcode.readIDCodes.name, address: nil)
  }

  /// Closes AP 0 and leaves debug mode; does nothing for a probe that is not in debug mode.
  ///
  /// The mode is asked for first: firmware V3J15 hangs for good on an EXIT outside debug mode.
  public func leave() throws(DebugError) {
    if isAccessPortOpen {
      isAccessPortOpen = false
      do throws(DebugError) {
        try channel.run(.closeAccessPort(0))
      } catch {
        // V2J28 closes the port and answers "bad AP" all the same; after ENTER has failed there is no port to close.
        guard error.fault != nil else { throw error }
      }
    }
    if try channel.readMode() == .debug {
      try channel.leave(.debug)
    }
  }

  /// Pulls the target's NRST low or lets it go; takes effect before `enter` too.
  public func driveReset(_ level: ResetLevel) throws(DebugError) {
    if level == .asserted { isResetAsserted = true }
    try channel.run(.driveReset(level))
    isResetAsserted = level == .asserted
  }

  /// Resets the core by RESETSYS, whether or not the target answers accesses.
  func resetCore() throws(DebugError) {
    try channel.run(.resetSystem)
  }

  /// Reads a core register; the core must be halted.
  ///
  /// - Throws: `DebugError.unsupported` for FPU registers on firmware before V2J15.
  public func readCoreRegister(_ register: CoreRegister) throws(DebugError) -> UInt32 {
    try requireFPURegisters(for: register)
    return try runOnTarget(.readRegister(register)).littleEndianWord(at: 4)
  }

  /// Reads R0 to R15, xPSR, MSP and PSP by one command; the core must be halted.
  public func readCoreRegisters() throws(DebugError) -> [UInt32] {
    let reply = try runOnTarget(.readAllRegisters)
    return (0...Int(CoreRegister.processStackPointer.rawValue)).map { reply.littleEndianWord(at: 4 + 4 * $0) }
  }

  /// Writes a core register; the core must be halted.
  ///
  /// The firmware reads the register back and answers "write verify error" where it differs, which it may rightly do:
  /// bit 0 of PC, bits 1 and 0 of the stack pointers and the unused bits of xPSR and CONTROL hold nothing. So the bits
  /// that do hold something are compared here, and only a difference in those is an error.
  public func writeCoreRegister(_ register: CoreRegister, _ value: UInt32) throws(DebugError) {
    try requireFPURegisters(for: register)
    do throws(DebugError) {
      try runOnTarget(.writeRegister(register, value))
    } catch {
      guard error.status == .writeVerifyError else { throw error }
      let mask = register.storedBits
      guard mask != .max, try readCoreRegister(register) & mask == value & mask else { throw error }
    }
  }

  /// Reads a register of the debug port or an access port.
  ///
  /// - Parameters:
  ///   - port: the debug port, or an access port by its number.
  ///   - register: DP: 0x0, 0x4, 0x8 or 0xC, with the bank in bits 7 to 4 from J32 on; AP: the whole offset.
  /// - Throws: `DebugError.unsupported` before V2J24.
  public func readDAPRegister(_ port: DAPPort, _ register: UInt16) throws(DebugError) -> UInt32 {
    try firmware.require(.dapRegisters)
    return try runOnTarget(.readDAPRegister(port, register)).littleEndianWord(at: 4)
  }

  /// Writes a register of the debug port or an access port.
  ///
  /// - Parameters:
  ///   - port: as for reading.
  ///   - register: as for reading.
  ///   - value: what is written.
  /// - Throws: `DebugError.unsupported` before V2J24.
  public func writeDAPRegister(_ port: DAPPort, _ register: UInt16, _ value: UInt32) throws(DebugError) {
    try firmware.require(.dapRegisters)
    try runOnTarget(.writeDAPRegister(port, register, value))
  }

  private func requireFPURegisters(for register: CoreRegister) throws(DebugError) {
    if register.rawValue > CoreRegister.control.rawValue {
      try firmware.require(.lastStatusWithAddress)
    }
  }
}

extension CoreRegister {
  /// The bits that read back as written (ARMv7-M, B1.4); all ones for a register that has no others.
  fileprivate var storedBits: UInt32 {
    switch self {
    case .stackPointer, .mainStackPointer, .processStackPointer: 0xFFFF_FFFC
    case .programCounter: 0xFFFF_FFFE
    case .xPSR: 0xFF0F_FDFF
    case .control: 0x0701_FF01
    default: .max
    }
  }
}
