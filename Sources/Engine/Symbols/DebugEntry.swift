/// An entry of debug information, as far as it is about functions and where they are.
///
/// Source: DWARF 5, 3.3 and 7.5.
struct DebugEntry: Sendable {
  /// What an entry is (DW_TAG).
  enum Tag {
    static let subprogram = 0x2E
    static let inlinedSubroutine = 0x1D
    /// Entries within which there may be functions: class, block, structure, union, namespace.
    static let scopes: Set<Int> = [0x02, 0x0B, 0x13, 0x17, 0x39]
  }

  var tag: Int
  var hasChildren: Bool
  var name: DebugForm.Value?
  var linkageName: DebugForm.Value?
  var lowAddress: DebugForm.Value?
  var highAddress: DebugForm.Value?
  /// Whether the high address counts from the low one.
  var isHighAddressDistance = false
  var ranges: DebugForm.Value?
  /// The entry that says the rest: of an inlined or cloned function the original, of a member its declaration.
  var origin: Int?
  var callFile: Int?
  var callLine: Int?
  var callColumn: Int?
  /// The next entry on the same level.
  var sibling: Int?

  /// Reads the attributes of an entry, at which the cursor stands.
  init(
    _ abbreviation: Abbreviations.Abbreviation, _ cursor: inout SectionCursor,
    _ encoding: DebugForm.Encoding
  ) throws(SymbolsError) {
    tag = abbreviation.tag
    hasChildren = abbreviation.hasChildren
    for attribute in abbreviation.attributes {
      let value = try DebugForm.read(
        attribute.form, &cursor, encoding, implicit: attribute.implicit)
      take(value, attribute)
    }
  }

  private mutating func take(_ value: DebugForm.Value, _ attribute: Abbreviations.Attribute) {
    switch attribute.name {
    case 0x01: sibling = DebugEntry.reference(value)
    case InformationUnit.AttributeName.name: name = value
    case InformationUnit.AttributeName.lowAddress: lowAddress = value
    case InformationUnit.AttributeName.highAddress:
      highAddress = value
      // DW_FORM_addr and the numbered addresses are addresses themselves.
      isHighAddressDistance = ![0x01, 0x1B, 0x29, 0x2A, 0x2B, 0x2C].contains(attribute.form)
    case InformationUnit.AttributeName.ranges: ranges = value
    case 0x31, 0x47: origin = DebugEntry.reference(value)  // abstract_origin, specification
    case 0x57: callColumn = DebugEntry.number(value)
    case 0x58: callFile = DebugEntry.number(value)
    case 0x59: callLine = DebugEntry.number(value)
    case 0x6E, 0x2007: linkageName = value  // linkage_name, MIPS_linkage_name
    default: break
    }
  }

  private static func reference(_ value: DebugForm.Value) -> Int? {
    if case .reference(let offset) = value { offset } else { nil }
  }

  private static func number(_ value: DebugForm.Value) -> Int? {
    if case .number(let number) = value { Int(exactly: number) } else { nil }
  }
}
