/// Core registers through DCRSR and DCRDR, which the banked data registers reach from TAR = DHCSR.
extension SWDDriver {
  /// DHCSR (ARMv7-M, C1.6.2); DCRSR and DCRDR follow it.
  private static let haltingControl: UInt32 = 0xE000_EDF0
  /// BD1: DCRSR.
  private static let selector: UInt8 = 0x4
  /// BD2: DCRDR.
  private static let data: UInt8 = 0x8
  /// DCRSR.REGWnR.
  private static let isWrite: UInt32 = 1 << 16

  /// Reads a core register; S_REGRDY is not polled (docs/simulated-probe.md, "Commands").
  func readCoreRegister(_ index: UInt8) throws(ProbeStatus) -> UInt32 {
    try reachRegisters()
    try transfer(.write(.access, Self.selector, UInt32(index)))
    try transfer(.read(.access, Self.data))
    return try transfer(.read(.debug, DebugPortRegister.readBuffer))
  }

  /// Writes a core register, reads it back and compares.
  ///
  /// - Throws: `writeVerify` where the register reads otherwise.
  func writeCoreRegister(_ index: UInt8, _ value: UInt32) throws(ProbeStatus) {
    try reachRegisters()
    try transfer(.write(.access, Self.data, value))
    try transfer(.write(.access, Self.selector, UInt32(index) | Self.isWrite))
    guard try readCoreRegister(index) == value else { throw .writeVerify }
  }

  private func reachRegisters() throws(ProbeStatus) {
    let access = MemoryAccess(address: Self.haltingControl, width: .word)
    try prepare(access, address: Self.haltingControl, isFirst: true)
    try select(port: 0, bank: AccessPortRegister.bankedData)
  }
}
