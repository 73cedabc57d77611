/// Debug Exception and Monitor Control Register (ARMv7-M, C1.6.5).
///
/// Survives every reset but power-on: a vector catch that a tool leaves behind stops the target at its next reset.
struct DEMCR: Register32 {
  /// The manual's name.
  static let name = "DEMCR"
  /// In the system control space.
  static let address: UInt32 = 0xE000_EDFC
  /// The register's bits.
  var rawValue: UInt32

  /// Makes a value from the register's bits.
  init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Every named field, lowest first.
  static var fields: [FieldInfo] {
    let flags: [Field<DEMCR, Bool>] = [
      .catchReset, .catchMemoryFault, .catchNoCoprocessor, .catchCheckError, .catchStateError, .catchBusFault,
      .catchInterruptError, .catchHardFault, .monitorRequest, .traceEnable,
    ]
    return flags.map(\.info)
  }

  /// Nothing caught, trace off: the value after power-on.
  static let clean = DEMCR(rawValue: 0)
}

extension Field where Register == DEMCR, Value == Bool {
  /// VC_CORERESET: halt before the first instruction after a reset.
  static var catchReset: Self { Self("VC_CORERESET", 0) }
  /// VC_MMERR: halt on a memory management fault.
  static var catchMemoryFault: Self { Self("VC_MMERR", 4) }
  /// VC_NOCPERR: halt on an access to a missing coprocessor.
  static var catchNoCoprocessor: Self { Self("VC_NOCPERR", 5) }
  /// VC_CHKERR: halt on a checking error.
  static var catchCheckError: Self { Self("VC_CHKERR", 6) }
  /// VC_STATERR: halt on a state error.
  static var catchStateError: Self { Self("VC_STATERR", 7) }
  /// VC_BUSERR: halt on a bus fault.
  static var catchBusFault: Self { Self("VC_BUSERR", 8) }
  /// VC_INTERR: halt on an error of exception entry or return.
  static var catchInterruptError: Self { Self("VC_INTERR", 9) }
  /// VC_HARDERR: halt on a hard fault.
  static var catchHardFault: Self { Self("VC_HARDERR", 10) }
  /// MON_REQ: a mark that the processor does not use, and that every reset of the core clears (Cortex-M3 TRM, DEMCR).
  static var monitorRequest: Self { Self("MON_REQ", 19) }
  /// TRCENA: DWT, ITM and TPIU are on.
  static var traceEnable: Self { Self("TRCENA", 24) }
}
