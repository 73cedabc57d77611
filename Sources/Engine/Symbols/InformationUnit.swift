/// One unit of .debug_info, and what its first entry says of the compilation.
///
/// Source: DWARF 5, 7.5.1; DWARF 2 to 4, 7.5.1.
struct InformationUnit: Sendable {
  /// Attributes of entries (DW_AT).
  enum AttributeName {
    static let name = 0x03
    static let lineTable = 0x10
    static let lowAddress = 0x11
    static let highAddress = 0x12
    static let language = 0x13
    static let compilationFolder = 0x1B
    static let ranges = 0x55
    static let stringOffsetsBase = 0x72
    static let addressBase = 0x73
    static let rangeListsBase = 0x74
  }

  /// How its values are written.
  let encoding: DebugForm.Encoding
  /// Its entries, in .debug_info.
  let entries: Range<Int>
  /// Where its abbreviations begin, in .debug_abbrev.
  let abbreviationsOffset: Int
  /// The attributes of its first entry.
  private(set) var attributes: [Int: DebugForm.Value] = [:]
  /// Whether its high address counts from its low one.
  private(set) var isHighAddressDistance = false

  /// Reads the head and the first entry of a unit; nil for one that describes no compilation.
  init?(_ unit: SectionUnit, abbreviations: SectionCursor) throws(SymbolsError) {
    let (start, is64Bit) = (unit.start, unit.is64Bit)
    var unit = unit.content
    let version = Int(try unit.halfword())
    guard (2...5).contains(version) else { throw unit.error(.unsupported("version \(version)")) }
    var addressSize = 0
    if version >= 5 {
      let type = try unit.byte()
      addressSize = Int(try unit.byte())
      abbreviationsOffset = try unit.offset(is64Bit: is64Bit)
      // DW_UT_compile and DW_UT_partial; types have no addresses, and the others are for files beside the program.
      guard type == 1 || type == 3 else { return nil }
    } else {
      abbreviationsOffset = try unit.offset(is64Bit: is64Bit)
      addressSize = Int(try unit.byte())
    }
    encoding = DebugForm.Encoding(
      version: version, addressSize: addressSize, is64Bit: is64Bit, unitOffset: start)
    entries = unit.position..<unit.end
    guard !unit.isAtEnd else { return nil }
    let code = try unit.unsigned()
    guard let first = try Abbreviations(abbreviations, at: abbreviationsOffset, upTo: code)[code]
    else { return nil }
    for attribute in first.attributes {
      // DW_FORM_addr and the numbered addresses are addresses themselves.
      if attribute.name == AttributeName.highAddress {
        isHighAddressDistance = ![0x01, 0x1B, 0x29, 0x2A, 0x2B, 0x2C].contains(attribute.form)
      }
      attributes[attribute.name] = try DebugForm.read(
        attribute.form, &unit, encoding, implicit: attribute.implicit)
    }
  }

  /// An attribute of the first entry that is a number or an offset.
  func number(_ name: Int) -> Int? {
    guard case .number(let value) = attributes[name] else { return nil }
    return Int(exactly: value)
  }

  /// Whether it was written in assembly (DW_LANG_Mips_Assembler).
  var isAssembly: Bool { number(AttributeName.language) == 0x8001 }

  /// The folder in which the compiler was called.
  func compilationFolder(_ texts: DebugTexts) -> String? {
    attributes[AttributeName.compilationFolder].flatMap { text($0, texts) }
  }

  /// A text of one of the unit's entries.
  func text(_ value: DebugForm.Value, _ texts: DebugTexts) -> String? {
    texts.text(
      value, offsetsBase: number(AttributeName.stringOffsetsBase), is64Bit: encoding.is64Bit)
  }

  /// The units of a program that can be read, and what is wrong with the others.
  static func all(_ sections: ELFSections) -> (units: [InformationUnit], problems: [SymbolsError]) {
    do throws(SymbolsError) {
      guard let cursor = try sections.cursor(.information),
        let abbreviations = try sections.cursor(.abbreviations)
      else { return ([], []) }
      return SectionUnit.read(cursor) { unit throws(SymbolsError) in
        try InformationUnit(unit, abbreviations: abbreviations)
      }
    } catch {
      return ([], [error])
    }
  }
}
