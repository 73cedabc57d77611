/// The abbreviations of a unit of debug information: what its entries consist of.
///
/// Source: DWARF 5, 7.5.3.
struct Abbreviations: Sendable {
  /// One attribute of an entry.
  struct Attribute: Sendable {
    /// DW_AT.
    var name: Int
    /// DW_FORM.
    var form: Int
    /// The value of DW_FORM_implicit_const.
    var implicit: Int64 = 0
  }

  /// What an entry with a code consists of.
  struct Abbreviation: Sendable {
    /// DW_TAG.
    var tag: Int
    var hasChildren: Bool
    var attributes: [Attribute]
  }

  private var byCode: [UInt64: Abbreviation] = [:]

  /// Reads the abbreviations at an offset of .debug_abbrev, all of them or up to one code.
  init(_ section: SectionCursor, at offset: Int, upTo wanted: UInt64? = nil) throws(SymbolsError) {
    var cursor = section
    try cursor.move(to: offset)
    while true {
      let code = try cursor.unsigned()
      if code == 0 { return }
      let tag = try cursor.count()
      let hasChildren = try cursor.byte() != 0
      byCode[code] = Abbreviation(
        tag: tag, hasChildren: hasChildren, attributes: try Abbreviations.attributes(&cursor))
      if code == wanted { return }
    }
  }

  /// What the entries with a code consist of.
  subscript(_ code: UInt64) -> Abbreviation? { byCode[code] }

  private static func attributes(_ cursor: inout SectionCursor) throws(SymbolsError) -> [Attribute] {
    var attributes: [Attribute] = []
    while true {
      let (name, form) = (try cursor.count(), try cursor.count())
      // DW_FORM_implicit_const.
      let implicit = form == 0x21 ? try cursor.signed() : 0
      if name == 0, form == 0 { return attributes }
      attributes.append(Attribute(name: name, form: form, implicit: implicit))
    }
  }
}
