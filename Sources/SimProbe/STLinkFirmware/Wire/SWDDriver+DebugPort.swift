/// The debug port's own registers, as READ_DAP_REG and WRITE_DAP_REG reach them.
extension SWDDriver {
  /// Reads a debug-port register; only register 4 is banked.
  func readDebugPort(_ register: UInt8, bank: UInt8) throws(ProbeStatus) -> UInt32 {
    try selectDebugBank(bank, for: register)
    return try transfer(.read(.debug, register))
  }

  /// Writes a debug-port register.
  func writeDebugPort(_ register: UInt8, bank: UInt8, _ value: UInt32) throws(ProbeStatus) {
    try selectDebugBank(bank, for: register)
    try transfer(.write(.debug, register, value))
    switch register {
    case DebugPortRegister.abort: noteAbort(value)
    case DebugPortRegister.select: forgetRegisters()
    default: break
    }
  }

  private func selectDebugBank(_ bank: UInt8, for register: UInt8) throws(ProbeStatus) {
    guard register == DebugPortRegister.controlStatus else { return }
    try select(debugBank: bank)
  }
}
