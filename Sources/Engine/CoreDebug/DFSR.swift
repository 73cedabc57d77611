/// Debug Fault Status Register: why the core halted (ARMv7-M, C1.6.1).
///
/// Bits stay until 1 is written to them, across resets too.
struct DFSR: Register32 {
  /// The manual's name.
  static let name = "DFSR"
  /// In the system control space.
  static let address: UInt32 = 0xE000_ED30
  /// The register's bits.
  var rawValue: UInt32

  /// Makes a value from the register's bits.
  init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Every named field, lowest first.
  static var fields: [FieldInfo] {
    let flags: [Field<DFSR, Bool>] = [.haltedOnRequest, .breakpoint, .watchpoint, .vectorCatch, .external]
    return flags.map(\.info)
  }

  /// Written to clear every bit.
  static let clearAll = DFSR(rawValue: 0x1F)
}

extension Field where Register == DFSR, Value == Bool {
  /// HALTED: a halt request or a step.
  static var haltedOnRequest: Self { Self("HALTED", 0) }
  /// BKPT: a BKPT instruction or a breakpoint comparator.
  static var breakpoint: Self { Self("BKPT", 1) }
  /// DWTTRAP: a watchpoint comparator.
  static var watchpoint: Self { Self("DWTTRAP", 2) }
  /// VCATCH: a vector catch.
  static var vectorCatch: Self { Self("VCATCH", 3) }
  /// EXTERNAL: an external debug request.
  static var external: Self { Self("EXTERNAL", 4) }
}
