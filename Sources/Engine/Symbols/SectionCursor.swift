import Basics

/// Reads numbers and texts one after the other from a part of a file, and never beyond its end.
struct SectionCursor {
  private let bytes: [UInt8]
  /// The part that is read, for errors.
  let part: SymbolsError.Part
  /// Where the part begins in the file.
  private let base: Int
  /// The offset of the next byte, from the part's beginning.
  private(set) var position: Int
  /// The offset behind the last byte that may be read, from the part's beginning.
  private(set) var end: Int

  /// The whole of a part; the range must lie within the file.
  init(_ bytes: [UInt8], _ range: Range<Int>, part: SymbolsError.Part) {
    self.bytes = bytes
    self.part = part
    base = range.lowerBound
    position = 0
    end = range.count
  }

  /// Whether nothing is left.
  var isAtEnd: Bool { position >= end }

  /// An error at the place where the cursor stands.
  func error(_ reason: SymbolsError.Reason) -> SymbolsError {
    SymbolsError(reason, in: part, at: position)
  }

  /// Goes to an offset of the part.
  mutating func move(to offset: Int) throws(SymbolsError) {
    guard offset >= 0, offset <= end else { throw SymbolsError(.truncated, in: part, at: offset) }
    position = offset
  }

  /// Passes over bytes.
  mutating func skip(_ count: Int) throws(SymbolsError) {
    guard count >= 0, count <= end - position else { throw error(.truncated) }
    position += count
  }

  /// The same part from an offset on, up to another one.
  func part(_ range: Range<Int>) throws(SymbolsError) -> SectionCursor {
    guard range.lowerBound >= 0, range.upperBound <= end else {
      throw SymbolsError(.truncated, in: part, at: range.lowerBound)
    }
    var cursor = self
    cursor.position = range.lowerBound
    cursor.end = range.upperBound
    return cursor
  }

  mutating func byte() throws(SymbolsError) -> UInt8 {
    guard position < end else { throw error(.truncated) }
    position += 1
    return bytes[base + position - 1]
  }

  mutating func halfword() throws(SymbolsError) -> UInt16 {
    guard end - position >= 2 else { throw error(.truncated) }
    position += 2
    return bytes.littleEndianHalfword(at: base + position - 2)
  }

  mutating func word() throws(SymbolsError) -> UInt32 {
    guard end - position >= 4 else { throw error(.truncated) }
    position += 4
    return bytes.littleEndianWord(at: base + position - 4)
  }

  mutating func doubleWord() throws(SymbolsError) -> UInt64 {
    guard end - position >= 8 else { throw error(.truncated) }
    position += 8
    return bytes.littleEndianDoubleWord(at: base + position - 8)
  }

  /// A number of 1 to 4 or of 8 bytes.
  mutating func number(size: Int) throws(SymbolsError) -> UInt64 {
    switch size {
    case 1: return UInt64(try byte())
    case 2: return UInt64(try halfword())
    case 3: return UInt64(try halfword()) | UInt64(try byte()) << 16
    case 4: return UInt64(try word())
    case 8: return try doubleWord()
    default: throw error(.invalid("a number of \(size.inBytes)"))
    }
  }

  /// An offset into a part: 4 bytes, or 8 in the 64-bit format of DWARF.
  mutating func offset(is64Bit: Bool) throws(SymbolsError) -> Int {
    guard is64Bit else { return Int(try word()) }
    guard let offset = Int(exactly: try doubleWord()) else {
      throw error(.invalid("an offset beyond every file"))
    }
    return offset
  }

  /// The length at the beginning of a unit, and whether the unit is in the 64-bit format (DWARF 5, 7.4).
  mutating func unitLength() throws(SymbolsError) -> (length: Int, is64Bit: Bool) {
    let first = try word()
    let is64Bit = first == 0xFFFF_FFFF
    let length = is64Bit ? try offset(is64Bit: true) : Int(first)
    guard first < 0xFFFF_FFF0 || is64Bit else {
      throw error(.invalid("a reserved length of a unit"))
    }
    guard length <= end - position else { throw error(.truncated) }
    return (length, is64Bit)
  }

  /// An unsigned number in LEB128 (DWARF 5, 7.6); bits beyond 64 are lost.
  mutating func unsigned() throws(SymbolsError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try byte()
      value |= UInt64(next & 0x7F) << shift
      shift += 7
      if next < 0x80 { return value }
    }
  }

  /// A signed number in LEB128; bits beyond 64 are lost.
  mutating func signed() throws(SymbolsError) -> Int64 {
    var value: Int64 = 0
    var shift: Int64 = 0
    while true {
      let next = try byte()
      value |= Int64(next & 0x7F) << shift
      shift += 7
      if next < 0x80 { return next & 0x40 != 0 ? value | -1 << shift : value }
    }
  }

  /// A number in LEB128 that counts or numbers something.
  mutating func count() throws(SymbolsError) -> Int {
    guard let count = Int(exactly: try unsigned()) else {
      throw error(.invalid("a number beyond every file"))
    }
    return count
  }

  /// Passes over a text, and gives where it begins.
  mutating func skipText() throws(SymbolsError) -> Int {
    let start = position
    while try byte() != 0 {}
    return start
  }

  /// A text that ends with a zero byte; what is not UTF-8 in it is replaced.
  mutating func text() throws(SymbolsError) -> String {
    let start = try skipText()
    return String(decoding: bytes[base + start..<base + position - 1], as: UTF8.self)
  }

  /// Whether a text that ends with a zero byte begins at an offset and consists of these bytes.
  func holds(_ text: String.UTF8View, at offset: Int) -> Bool {
    let start = base + offset
    guard text.count < end - offset, bytes[start + text.count] == 0 else { return false }
    return bytes[start..<start + text.count].elementsEqual(text)
  }

  /// Whether the text at an offset is a mapping symbol of the Arm ELF format: "$t", "$d.12".
  func holdsMappingSymbol(at offset: Int) -> Bool {
    guard end - offset >= 3, bytes[base + offset] == UInt8(ascii: "$") else { return false }
    let letters = [UInt8(ascii: "a"), UInt8(ascii: "d"), UInt8(ascii: "t")]
    return letters.contains(bytes[base + offset + 1])
      && [0, UInt8(ascii: ".")].contains(bytes[base + offset + 2])
  }
}
