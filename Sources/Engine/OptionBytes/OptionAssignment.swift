import Basics
public import Failures

/// A change of option bytes as somebody asks for it: NAME=VALUE, with the manuals' names.
///
/// Whether a value can be meant is decided without a chip; whether a chip has the field, when it is applied.
public struct OptionAssignment: Sendable, Equatable {
  /// What a name stands for, and what is to be there.
  enum Target: Sendable, Equatable {
    /// A field other than the sectors'.
    case field(OptionField.Role, bits: UInt32)
    /// RDP at level 1, by whatever byte it has already.
    case level1
    /// All nWRP bits of a register, or those whose numbers the name says.
    case sectorBits(name: String, bits: UInt32)
    /// The nWRP bit with a number.
    case sectorBit(Int, isSet: Bool)
    /// These sectors and no others are write-protected, or have PCROP.
    case marks(SectorChoice, areCode: Bool)
    /// Some more sectors are write-protected.
    case moreMarks([Int])
    /// The bits of a register that are in the mask; those that are no field of the chip stay as they are.
    case register(OptionField.Register, UInt32, mask: UInt32 = .max)
  }

  /// Which sectors are meant.
  enum SectorChoice: Sendable, Equatable {
    case none
    case all
    case numbers([Int])
  }

  /// The change as it was asked for: "BOR_LEV=2.4V".
  public let text: String
  let target: Target

  init(_ target: Target, text: String) {
    self.target = target
    self.text = text
  }

  /// Read protection at level 1.
  public static let readProtection = OptionAssignment(.level1, text: "RDP=level1")

  /// Write protection of these sectors, beside those that have it.
  public static func protecting(_ sectors: [Int]) -> OptionAssignment {
    OptionAssignment(
      .moreMarks(sectors), text: "write protection of \(sectors.map(String.init).joined(separator: ", "))")
  }

  /// A whole register; bits that are no field of the chip stay as they are.
  public static func register(_ register: OptionField.Register, _ word: UInt32) -> OptionAssignment {
    OptionAssignment(.register(register, word), text: "\(register.rawValue)=\(word.hexadecimal)")
  }

  /// No write protection of any sector.
  static let nothingWriteProtected = OptionAssignment(.marks(.none, areCode: false), text: "WRP=none")

  /// Takes NAME=VALUE apart.
  ///
  /// - Throws: `OptionValueError` for a name that no chip has, and for a value that nothing can be meant by, or two things.
  public init(_ text: some StringProtocol) throws(OptionValueError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { throw .noAssignment(String(text)) }
    self.text = String(text)
    target = try OptionAssignment.target(of: String(parts[0]), value: String(parts[1]))
  }

  private static func target(of name: String, value: String) throws(OptionValueError) -> Target {
    let upper = name.uppercased()
    switch upper {
    case "WRP": return .marks(try sectors(value, name: "WRP"), areCode: false)
    case "PCROP": return .marks(try sectors(value, name: "PCROP"), areCode: true)
    case "OPTCR", "FLASH_OPTCR": return .register(.control, try word(value, name: "OPTCR"))
    case "OPTCR1", "FLASH_OPTCR1": return .register(.control1, try word(value, name: "OPTCR1"))
    default: break
    }
    if let field = everyField.first(where: { $0.name.uppercased() == upper }) {
      if field.role == .readProtection, value.lowercased() == "level1" { return .level1 }
      return .field(field.role, bits: try bits(value, of: field))
    }
    guard upper.hasPrefix("NWRP") else { throw .unknownName(name) }
    if let number = Int(upper.dropFirst(4)) {
      guard value == "0" || value == "1" else { throw .badValue(value, name: name, allowed: ["0", "1"]) }
      return .sectorBit(number, isSet: value == "1")
    }
    let numbers = upper.dropFirst(4)
    guard numbers.isEmpty || numbers.split(separator: "-").count == 2 else { throw .unknownName(name) }
    guard hasRadix(value), let bits = number(value) else {
      throw .ambiguous(value, name: name, spellings: ["\(name)=0x... for bits", "WRP=2,5-7 for sectors"])
    }
    return .sectorBits(name: "n" + upper.dropFirst(), bits: bits)
  }

  /// The fields other than the sectors' that any die has.
  private static let everyField: [OptionField] = {
    var fields: [OptionField] = []
    for field in ChipCatalogue.dies.flatMap({ OptionLayout(die: $0, flashByteCount: 0).fields }) {
      if case .sectorProtection = field.role { continue }
      if !fields.contains(where: { $0.role == field.role }) { fields.append(field) }
    }
    return fields
  }()

  /// Every name that some chip has, for whoever offers them.
  public static var names: [String] { everyField.map(\.name) + ["WRP", "PCROP", "OPTCR", "OPTCR1"] }

  /// What may stand behind a name, usual words first.
  public static func words(for name: String) -> [String] {
    switch name.uppercased() {
    case "WRP", "PCROP": return ["none", "all"]
    default: break
    }
    guard let field = everyField.first(where: { $0.name.uppercased() == name.uppercased() }) else { return [] }
    return OptionWords.table(of: field.role).map(\.word)
  }

  /// A field's value by word or in bits; a bare number is taken for a single bit only.
  private static func bits(_ value: String, of field: OptionField) throws(OptionValueError) -> UInt32 {
    let table = OptionWords.table(of: field.role)
    if let row = table.first(where: { $0.word.uppercased() == value.uppercased() }) { return row.bits }
    let largest = UInt32(truncatingIfNeeded: (1 as UInt64) << UInt64(field.bits.count) - 1)
    let allowed = table.map(\.word) + [field.isSingleBit ? "0" : field.bitText(0), field.bitText(largest)]
    guard let number = number(value), number <= largest else {
      throw .badValue(value, name: field.name, allowed: allowed)
    }
    if field.isSingleBit || hasRadix(value) { return number }
    var spellings = ["\(field.name)=\(field.bitText(number)) for the bits"]
    if let row = table.first(where: { $0.word == "level\(value)" }) {
      spellings.insert("\(field.name)=\(row.word) for the level", at: 0)
    }
    throw .ambiguous(value, name: field.name, spellings: spellings)
  }

  private static func word(_ value: String, name: String) throws(OptionValueError) -> UInt32 {
    guard hasRadix(value), let word = number(value) else {
      throw .badValue(value, name: name, allowed: ["0x... with the register's bits"])
    }
    return word
  }

  private static func hasRadix(_ value: String) -> Bool { ["0x", "0b"].contains(value.prefix(2).lowercased()) }

  /// 0x, 0b or decimal digits, which may be grouped with `_`.
  private static func number(_ value: String) -> UInt32? {
    let digits = value.filter { $0 != "_" }
    guard hasRadix(digits) else { return UInt32(digits) }
    return UInt32(digits.dropFirst(2), radix: digits.prefix(2).lowercased() == "0x" ? 16 : 2)
  }

  private static func sectors(_ value: String, name: String) throws(OptionValueError) -> SectorChoice {
    switch value.lowercased() {
    case "none": return .none
    case "all": return .all
    default: break
    }
    guard let numbers = sectorNumbers(value) else {
      throw .badValue(value, name: name, allowed: ["none", "all", "sectors such as 2,5-7"])
    }
    return .numbers(numbers)
  }

  /// The numbers of "2,5-7"; nil for another form.
  public static func sectorNumbers(_ text: String) -> [Int]? {
    var numbers: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false)
        .map { $0.count <= 2 && $0.allSatisfy(\.isNumber) ? Int($0) : nil }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last else {
        return nil
      }
      numbers += first...last
    }
    return numbers.isEmpty ? nil : numbers
  }
}

/// Why a text is no change of option bytes, whatever the chip.
public enum OptionValueError: Error, Sendable, Equatable {
  /// Something without `=`, or with nothing on one side of it.
  case noAssignment(String)
  /// No chip has such a field.
  case unknownName(String)
  /// The field cannot hold that.
  case badValue(String, name: String, allowed: [String])
  /// A bare number that could be a level or bits.
  case ambiguous(String, name: String, spellings: [String])
}

extension OptionValueError: ReportableError {
  /// The failure as a user reads it.
  public var report: FailureReport {
    switch self {
    case .noAssignment(let text):
      FailureReport(
        .usage, "\"\(text)\" is no NAME=VALUE", remedies: ["Name a field and its value, such as BOR_LEV=2.4V"])
    case .unknownName(let name):
      FailureReport(
        .usage, "no STM32F2 or STM32F4 has option bytes called \(name)",
        remedies: ["The names are \(OptionAssignment.names.joined(separator: ", ")), and nWRP0 and so on for bits"]
      )
    case .badValue(let value, let name, let allowed):
      FailureReport(
        .usage, "\(name) cannot be \(value)", remedies: ["\(name) can be \(allowed.joined(separator: ", "))"])
    case .ambiguous(let value, let name, let spellings):
      FailureReport(
        .usage, "\(name)=\(value) says not whether bits are meant", remedies: spellings.map { "Write \($0)" })
    }
  }
}
