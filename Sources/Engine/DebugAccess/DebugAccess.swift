/// One target's debug port: memory, core registers and the reset line.
///
/// All that the flash code sees of a probe. `STLink` implements it over any `USBDevice`. Calls are synchronous and an access
/// has a single owner.
public protocol DebugAccess: TargetMemory {
  /// How many reads have been made twice because the reply to the first was lost: what such a read clears, S_RESET_ST
  /// among it, may have been shown to nobody.
  var repeatedReadCount: Int { get }

  /// Reads one aligned 32-bit word with a single bus access: registers of the core, the debug unit and peripherals.
  func readWord(at address: UInt32) throws(DebugError) -> UInt32

  /// Writes one aligned 32-bit word with a single bus access.
  func writeWord(_ value: UInt32, at address: UInt32) throws(DebugError)

  /// Reads any number of bytes from any address, choosing the access widths itself: words where they are aligned,
  /// bytes at the edges. For memory, not for registers.
  func readMemory(at address: UInt32, byteCount: Int) throws(DebugError) -> [UInt8]

  /// Writes any number of bytes to any address, choosing the access widths itself. For RAM, not for flash.
  func writeMemory(_ bytes: [UInt8], at address: UInt32) throws(DebugError)

  /// Reads with accesses of exactly one width; address and count must be multiples of it.
  func readMemory(at address: UInt32, byteCount: Int, width: AccessWidth) throws(DebugError) -> [UInt8]

  /// Writes with accesses of exactly one width; address and count must be multiples of it. What flash programming
  /// needs, whose PSIZE must equal the width of every access (RM0090, 3.6.3).
  func writeMemory(_ bytes: [UInt8], at address: UInt32, width: AccessWidth) throws(DebugError)

  /// Reads a core register; the core must be halted.
  func readCoreRegister(_ register: CoreRegister) throws(DebugError) -> UInt32

  /// Writes a core register; the core must be halted.
  func writeCoreRegister(_ register: CoreRegister, _ value: UInt32) throws(DebugError)

  /// Reads R0 to R15, xPSR, MSP and PSP, in this order; the core must be halted.
  func readCoreRegisters() throws(DebugError) -> [UInt32]

  /// Pulls the target's NRST low or lets it go. A probe cannot tell whether the line is wired to anything.
  func driveReset(_ level: ResetLevel) throws(DebugError)

  /// The voltage on the target's reference pin, in millivolts; nil where the probe cannot measure it.
  func targetMillivolts() throws(DebugError) -> Int?
}

extension DebugAccess {
  /// An access that loses no replies.
  public var repeatedReadCount: Int { 0 }

  /// One after the other, for an access that knows nothing quicker.
  public func readCoreRegisters() throws(DebugError) -> [UInt32] {
    var values: [UInt32] = []
    for selector in CoreRegister.general(0).rawValue...CoreRegister.processStackPointer.rawValue {
      values.append(try readCoreRegister(CoreRegister(rawValue: selector)))
    }
    return values
  }
}

/// The width of one bus access.
public enum AccessWidth: Int, Sendable, CaseIterable {
  /// 8 bits.
  case byte = 1
  /// 16 bits.
  case halfword = 2
  /// 32 bits.
  case word = 4

  /// The width in bytes.
  public var byteCount: Int { rawValue }
}

/// What the probe does with the target's NRST line.
public enum ResetLevel: Sendable {
  /// Driven low: the target is held in reset.
  case asserted
  /// Let go: the target's own pull-up takes the line high.
  case released
}
