/// CPUID Base Register: which core it is (ARMv7-M, B3.2.3).
///
/// F2: 412F_C230 (Cortex-M3 r2p0); F4: 410F_C241 (Cortex-M4 r0p1).
public struct CPUID: Register32 {
  /// The manual's name.
  public static let name = "CPUID"
  /// In the system control block.
  public static let address: UInt32 = 0xE000_ED00
  /// The register's bits.
  public var rawValue: UInt32

  /// Makes a value from the register's bits.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Every named field, lowest first.
  public static var fields: [FieldInfo] {
    let fields: [Field<CPUID, UInt32>] = [.revision, .partNumber, .variant, .implementer]
    return fields.map(\.info)
  }

  /// Whether it is a Cortex-M3 or a Cortex-M4.
  var isCortexM3OrM4: Bool {
    self[.implementer] == CPUID.arm && (self[.partNumber] == 0xC23 || self[.partNumber] == 0xC24)
  }

  private static let arm: UInt32 = 0x41
}

extension Field where Register == CPUID, Value == UInt32 {
  /// REVISION: the p of rNpM.
  static var revision: Self { Self("REVISION", 0...3) }
  /// PARTNO: C23 for Cortex-M3, C24 for Cortex-M4.
  static var partNumber: Self { Self("PARTNO", 4...15) }
  /// VARIANT: the r of rNpM.
  static var variant: Self { Self("VARIANT", 20...23) }
  /// IMPLEMENTER: 41 for Arm.
  static var implementer: Self { Self("IMPLEMENTER", 24...31) }
}
