import Basics

/// The option bytes as the flash stores them, beside the registers that hold them after a reset.
///
/// A tool that was killed may have written the registers without starting their programming: they say then what is
/// stored nowhere, until the next reset loads them anew (RM0090, 3.7.2).
struct StoredOptions: Sendable, Equatable {
  /// The halfword at 0x1FFF_C000: RDP in 15:8, the user bits in 7:2.
  private static let userAddress: UInt32 = 0x1FFF_C000
  /// The halfword at 0x1FFF_C008: nWRP, DB1M, SPRMOD.
  private static let protectionAddress: UInt32 = 0x1FFF_C008
  /// The halfword at 0x1FFE_C008: nWRP of bank 2.
  private static let protectionAddressOfBank2: UInt32 = 0x1FFE_C008

  /// OPTCR as a reset will load it.
  var control: FlashOptionControl
  /// OPTCR1 as a reset will load it; nil on dies without it.
  var control1: FlashOptionControl1?

  /// Reads them.
  static func read(_ access: any DebugAccess, _ die: Die) throws(DebugError) -> StoredOptions {
    let user = try access.readWord(at: userAddress) & 0xFFFC
    var protection = (1 << UInt32(die.writeProtectionBits)) - 1 as UInt32
    if die.hasSecondBank { protection |= 1 << 14 }
    if die.hasCodeReadProtection { protection |= 1 << 15 }
    protection &= try access.readWord(at: protectionAddress)
    var control = FlashOptionControl(rawValue: protection << 16 | user)
    control[.optionLock] = true
    guard die.hasSecondBank else { return StoredOptions(control: control, control1: nil) }
    let second = try access.readWord(at: protectionAddressOfBank2) & 0xFFF
    return StoredOptions(control: control, control1: FlashOptionControl1(rawValue: second << 16))
  }
}

extension ProtectionState {
  /// What protects the chip, by what is stored where the registers hold something that is not.
  ///
  /// - Parameter believesFlash: whether what the flash answers can be believed; else only the registers are asked.
  /// - Returns: the state, and what to tell of registers that differ; nil where they do not.
  static func readStored(
    over access: any DebugAccess, device: Device, believesFlash: Bool
  ) throws(FlashError) -> (state: ProtectionState, warning: String?) {
    let loaded = try read(over: access, device: device)
    // While the lock is on, the registers hold what a reset has loaded. A read-protected chip hides its option bytes.
    guard believesFlash, !loaded.optionControl[.optionLock], loaded.readProtection == .level0 else {
      return (loaded, nil)
    }
    let stored = try FlashError.wrapping("reading the option bytes") { () throws(DebugError) in
      try StoredOptions.read(access, device.die)
    }
    let mask = ~UInt32(3)
    guard
      stored.control.rawValue & mask != loaded.optionControl.rawValue & mask || stored.control1 != loaded.optionControl1
    else { return (loaded, nil) }
    let state = ProtectionState(optionControl: stored.control, optionControl1: stored.control1, device: device)
    return (
      state,
      "somebody has written the option registers and not started their programming: FLASH_OPTCR says "
        + "\(loaded.optionControl.rawValue.hexadecimal), stored is \(stored.control.rawValue.hexadecimal), which counts "
        + "from the next reset on"
    )
  }
}
