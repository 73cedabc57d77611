/// FLASH_SR (RM0090, 3.9.5; RM0033, 3.6.4).
///
/// Success is BSY falling with no error bit set. EOP and OPERR say nothing: they only ever set while their interrupts
/// are enabled, which a debugger leaves off.
public struct FlashStatus: Register32 {
  /// The manual's name.
  public static let name = "FLASH_SR"
  /// The same on every F2 and F4.
  public static let address: UInt32 = 0x4002_3C0C
  /// The register's bits.
  public var rawValue: UInt32

  /// Makes a value from the register's bits.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Every bit that reports an error; RDERR reads 0 on parts that lack it.
  static let errors: [Field<FlashStatus, Bool>] = [
    .operationError, .writeProtectionError, .alignmentError, .parallelismError, .sequenceError, .readProtectionError,
  ]

  /// What is written to clear every flag: each bit is cleared by writing 1 to it.
  static let clearAll = FlashStatus(rawValue: errors.reduce(Field.endOfOperation.info.mask) { $0 | $1.info.mask })

  /// Every named field, lowest first.
  public static var fields: [FieldInfo] {
    ([.endOfOperation] + errors + [.busy]).map(\.info)
  }

  /// Whether any error bit is set.
  public var hasError: Bool { FlashStatus.errors.contains { self[$0] } }

  /// The names of the error bits that are set, in the manual's order.
  public var errorNames: [String] {
    FlashStatus.errors.filter { self[$0] }.map(\.info.name)
  }
}

extension Field where Register == FlashStatus, Value == Bool {
  /// EOP: an operation ended well, while EOPIE is set.
  public static var endOfOperation: Self { Self("EOP", 0) }
  /// OPERR: an operation could not run, while ERRIE is set.
  public static var operationError: Self { Self("OPERR", 1) }
  /// WRPERR: the sector is protected, or there is none with this number.
  public static var writeProtectionError: Self { Self("WRPERR", 4) }
  /// PGAERR: a write crosses a row of 128 bits.
  public static var alignmentError: Self { Self("PGAERR", 5) }
  /// PGPERR: the access width differs from PSIZE.
  public static var parallelismError: Self { Self("PGPERR", 6) }
  /// PGSERR: a write to flash without PG.
  public static var sequenceError: Self { Self("PGSERR", 7) }
  /// RDERR: a data read of a PCROP sector.
  public static var readProtectionError: Self { Self("RDERR", 8) }
  /// BSY: an operation runs.
  public static var busy: Self { Self("BSY", 16) }
}
