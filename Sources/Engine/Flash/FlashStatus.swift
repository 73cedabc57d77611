/// FLASH_SR as read (RM0090, 3.9.5).
///
/// Success is BSY falling with no error bit set. EOP and OPERR say nothing: they only ever set while their interrupts
/// are enabled, which a debugger leaves off.
public struct FlashStatus: RawRepresentable, Sendable, Hashable {
  /// The register's value.
  public let rawValue: UInt32

  /// Makes a status from the register's value.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  static let endOfOperation = RegisterField("EOP", 0)
  static let operationError = RegisterField("OPERR", 1)
  static let writeProtectionError = RegisterField("WRPERR", 4)
  static let alignmentError = RegisterField("PGAERR", 5)
  static let parallelismError = RegisterField("PGPERR", 6)
  static let sequenceError = RegisterField("PGSERR", 7)
  static let readProtectionError = RegisterField("RDERR", 8)
  static let busy = RegisterField("BSY", 16)

  /// Every bit that reports an error; RDERR reads 0 on parts that lack it.
  static let errors = [
    operationError, writeProtectionError, alignmentError, parallelismError, sequenceError, readProtectionError,
  ]

  /// What is written to clear every flag: each bit is cleared by writing 1 to it.
  static let clearAll = errors.reduce(endOfOperation.mask) { $0 | $1.mask }

  /// Whether an erase or a programming operation runs.
  public var isBusy: Bool { FlashStatus.busy.isSet(in: rawValue) }

  /// Whether any error bit is set.
  public var hasError: Bool { FlashStatus.errors.contains { $0.isSet(in: rawValue) } }

  /// The names of the error bits that are set, in the manual's order.
  public var errorNames: [String] {
    FlashStatus.errors.filter { $0.isSet(in: rawValue) }.map(\.name)
  }

  /// The raw word and the names of all bits that are set: "SR 0x0000_0010 (WRPERR)".
  public var description: String {
    let fields = [FlashStatus.endOfOperation] + FlashStatus.errors + [FlashStatus.busy]
    let names = fields.filter { $0.isSet(in: rawValue) }.map(\.name)
    return "SR \(rawValue.hexadecimal)" + (names.isEmpty ? "" : " (\(names.joined(separator: ", ")))")
  }
}
