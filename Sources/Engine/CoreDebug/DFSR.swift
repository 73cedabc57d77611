/// Debug Fault Status Register: why the core halted (ARMv7-M, C1.6.1).
///
/// Bits stay until 1 is written to them, across resets too.
public struct DFSR: Register32 {
  /// The manual's name.
  public static let name = "DFSR"
  /// In the system control space.
  public static let address: UInt32 = 0xE000_ED30
  /// The register's bits.
  public var rawValue: UInt32

  /// Makes a value from the register's bits.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Every named field, lowest first.
  public static var fields: [FieldInfo] {
    let flags: [Field<DFSR, Bool>] = [.haltedOnRequest, .breakpoint, .watchpoint, .vectorCatch, .external]
    return flags.map(\.info)
  }

  /// Written to clear every bit.
  static let clearAll = DFSR(rawValue: 0x1F)
}

extension Field where Register == DFSR, Value == Bool {
  /// HALTED: a halt request or a step.
  public static var haltedOnRequest: Self { Self("HALTED", 0) }
  /// BKPT: a BKPT instruction or a breakpoint comparator.
  public static var breakpoint: Self { Self("BKPT", 1) }
  /// DWTTRAP: a watchpoint comparator.
  public static var watchpoint: Self { Self("DWTTRAP", 2) }
  /// VCATCH: a vector catch.
  public static var vectorCatch: Self { Self("VCATCH", 3) }
  /// EXTERNAL: an external debug request.
  public static var external: Self { Self("EXTERNAL", 4) }
}
