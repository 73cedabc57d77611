/// Application Interrupt and Reset Control Register (ARMv7-M, B3.2.6).
struct AIRCR: Register32 {
  /// The manual's name.
  static let name = "AIRCR"
  /// In the system control block.
  static let address: UInt32 = 0xE000_ED0C
  /// The register's bits.
  var rawValue: UInt32

  /// Makes a value from the register's bits.
  init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Every named field, lowest first.
  static var fields: [FieldInfo] {
    let flags: [Field<AIRCR, Bool>] = [.vectorReset, .clearActiveVectors, .systemResetRequest]
    return flags.map(\.info)
  }

  /// Written to reset the chip: core, peripherals, and a pulse on NRST.
  ///
  /// "VECTKEY: On writes, write 0x05FA to this field, otherwise the write is ignored."
  static var requestSystemReset: AIRCR {
    var value = AIRCR(rawValue: 0x05FA_0000)
    value[.systemResetRequest] = true
    return value
  }
}

extension Field where Register == AIRCR, Value == Bool {
  /// VECTRESET: a reset of the core alone.
  static var vectorReset: Self { Self("VECTRESET", 0) }
  /// VECTCLRACTIVE: forget all active exceptions.
  static var clearActiveVectors: Self { Self("VECTCLRACTIVE", 1) }
  /// SYSRESETREQ: a reset of the whole chip but for its debug part.
  static var systemResetRequest: Self { Self("SYSRESETREQ", 2) }
}
