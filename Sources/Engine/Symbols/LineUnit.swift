import Basics

/// The header of the line table of one compilation, as far as it does not name files.
///
/// Source: DWARF 2 (6.2.4), 3, 4 and 5 (6.2.4); what differs is said where it is read.
struct LineUnit: Sendable {
  /// The unit's offset in .debug_line, by which .debug_info names it.
  let offset: Int
  /// 2 to 5.
  let version: Int
  /// Whether offsets have 8 bytes.
  let is64Bit: Bool
  /// The bytes of an address where the table says so, from version 5 on.
  let addressSize: Int
  /// Where the tables of folders and files are.
  let tables: Range<Int>
  /// Where the line program is.
  let program: Range<Int>

  let minimumInstructionLength: UInt32
  let maximumOperations: UInt32
  let lineBase: Int
  let lineRange: Int
  let opcodeBase: Int
  /// How many operands the standard opcodes have, from opcode 1 on.
  let operandCounts: [UInt8]

  /// Reads the header of a unit.
  init(_ unit: SectionUnit) throws(SymbolsError) {
    offset = unit.start
    is64Bit = unit.is64Bit
    var cursor = unit.content
    let end = cursor.end
    version = Int(try cursor.halfword())
    guard (2...5).contains(version) else { throw cursor.error(.unsupported("version \(version)")) }
    if version >= 5 {
      addressSize = Int(try cursor.byte())
      let segmentSize = try cursor.byte()
      guard segmentSize == 0 else {
        throw cursor.error(.unsupported("a segment of \(Int(segmentSize).inBytes)"))
      }
    } else {
      addressSize = 4
    }
    let headerLength = try cursor.offset(is64Bit: is64Bit)
    guard headerLength <= end - cursor.position else { throw cursor.error(.truncated) }
    program = cursor.position + headerLength..<end
    minimumInstructionLength = UInt32(try cursor.byte())
    maximumOperations = version >= 4 ? UInt32(try cursor.byte()) : 1
    // default_is_stmt: what is no statement has a line all the same.
    try cursor.skip(1)
    lineBase = Int(Int8(bitPattern: try cursor.byte()))
    lineRange = Int(try cursor.byte())
    opcodeBase = Int(try cursor.byte())
    guard lineRange > 0, maximumOperations > 0, opcodeBase > 0 else {
      throw cursor.error(.invalid("a header with a line range, operations or an opcode base of 0"))
    }
    var counts: [UInt8] = []
    for _ in 1..<opcodeBase { counts.append(try cursor.byte()) }
    operandCounts = counts
    guard cursor.position <= program.lowerBound else {
      throw cursor.error(.invalid("a header beyond its length"))
    }
    tables = cursor.position..<program.lowerBound
  }
}
