/// How a value is written in debug information (DW_FORM), and its value.
///
/// Source: DWARF 5, 7.5.5 and 7.5.6, with the forms of versions 2 to 4 and GNU's own.
enum DebugForm {
  /// What decides how long some forms are.
  struct Encoding: Sendable {
    var version: Int
    var addressSize: Int
    var is64Bit: Bool
    /// Where the unit begins, from which some references count.
    var unitOffset = 0
  }

  /// A value, as far as it means something here.
  enum Value: Sendable, Hashable {
    /// An address, a constant or an offset; of a signed constant, its bit pattern.
    case number(UInt64)
    /// A text, by where it begins.
    case text(SymbolsError.Part, offset: Int)
    /// A text by its number in .debug_str_offsets.
    case numberedText(Int)
    /// An address by its number in .debug_addr.
    case numberedAddress(Int)
    /// A list of ranges by its number in .debug_rnglists.
    case numberedRanges(Int)
    /// An entry, by its offset in .debug_info.
    case reference(Int)
    /// Bytes, or something in another file.
    case other
  }

  /// Reads a value; `implicit` is the constant that the abbreviation has itself.
  static func read(
    _ form: Int, _ cursor: inout SectionCursor, _ encoding: Encoding, implicit: Int64 = 0
  ) throws(SymbolsError) -> Value {
    switch form {
    case 0x01: return .number(try cursor.number(size: encoding.addressSize))  // addr
    case 0x0B, 0x0C: return .number(UInt64(try cursor.byte()))  // data1, flag
    case 0x05: return .number(UInt64(try cursor.halfword()))  // data2
    case 0x06: return .number(UInt64(try cursor.word()))  // data4
    case 0x07: return .number(try cursor.doubleWord())  // data8
    case 0x0D: return .number(UInt64(bitPattern: try cursor.signed()))  // sdata
    case 0x0F: return .number(try cursor.unsigned())  // udata
    case 0x17: return .number(UInt64(try cursor.offset(is64Bit: encoding.is64Bit)))  // sec_offset
    case 0x19: return .number(1)  // flag_present
    case 0x21: return .number(UInt64(bitPattern: implicit))  // implicit_const
    case 0x08, 0x0E, 0x1F, 0x1A, 0x25...0x28, 0x1F02: return try text(form, &cursor, encoding)
    case 0x1B: return .numberedAddress(try cursor.count())  // addrx
    case 0x29...0x2C: return .numberedAddress(Int(try cursor.number(size: form - 0x28)))  // addrx1 to addrx4
    case 0x23: return .numberedRanges(try cursor.count())  // rnglistx
    case 0x10...0x15: return .reference(try reference(form, &cursor, encoding))
    case 0x16:  // indirect
      let actual = try cursor.count()
      guard actual != 0x16, actual != 0x21 else {
        throw cursor.error(.invalid("a form that names itself"))
      }
      return try read(actual, &cursor, encoding)
    default:
      try skip(form, &cursor, encoding)
      return .other
    }
  }

  private static func text(
    _ form: Int, _ cursor: inout SectionCursor, _ encoding: Encoding
  ) throws(SymbolsError) -> Value {
    switch form {
    case 0x08: .text(cursor.part, offset: try cursor.skipText())  // string
    case 0x0E: .text(.strings, offset: try cursor.offset(is64Bit: encoding.is64Bit))  // strp
    case 0x1F: .text(.lineStrings, offset: try cursor.offset(is64Bit: encoding.is64Bit))  // line_strp
    case 0x1A, 0x1F02: .numberedText(try cursor.count())  // strx, GNU_str_index
    default: .numberedText(Int(try cursor.number(size: form - 0x24)))  // strx1 to strx4
    }
  }

  private static func reference(
    _ form: Int, _ cursor: inout SectionCursor, _ encoding: Encoding
  ) throws(SymbolsError) -> Int {
    switch form {
    case 0x10:  // ref_addr, an address in version 2
      if encoding.version == 2 {
        return Int(truncatingIfNeeded: try cursor.number(size: encoding.addressSize))
      }
      return try cursor.offset(is64Bit: encoding.is64Bit)
    case 0x15: return encoding.unitOffset &+ (try cursor.count())  // ref_udata
    default:  // ref1, ref2, ref4, ref8
      let offset = try cursor.number(size: 1 << (form - 0x11))
      return encoding.unitOffset &+ Int(truncatingIfNeeded: offset)
    }
  }

  /// Passes over blocks, and what is in another file or of a type that is not followed.
  private static func skip(_ form: Int, _ cursor: inout SectionCursor, _ encoding: Encoding)
    throws(SymbolsError)
  {
    switch form {
    case 0x03: try cursor.skip(Int(try cursor.halfword()))  // block2
    case 0x04: try cursor.skip(Int(try cursor.word()))  // block4
    case 0x0A: try cursor.skip(Int(try cursor.byte()))  // block1
    case 0x09, 0x18: try cursor.skip(try cursor.count())  // block, exprloc
    case 0x1C: try cursor.skip(4)  // ref_sup4
    case 0x1E: try cursor.skip(16)  // data16
    case 0x20, 0x24: try cursor.skip(8)  // ref_sig8, ref_sup8
    case 0x22: _ = try cursor.unsigned()  // loclistx
    case 0x1D, 0x1F20, 0x1F21: _ = try cursor.offset(is64Bit: encoding.is64Bit)  // strp_sup, GNU_ref_alt, GNU_strp_alt
    default: throw cursor.error(.unsupported("form \(form)"))
    }
  }
}
