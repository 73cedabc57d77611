/// The rows of a line table, made one after the other by its program.
///
/// Source: DWARF 5, 6.2.2 (the state machine) and 6.2.5 (its instructions).
struct LineProgram {
  /// What the table says from an address on.
  struct Row {
    var address: UInt32 = 0
    var file = 1
    var line = 1
    var column = 0
    /// Whether it only says where the addresses end.
    var endsSequence = false
  }

  /// A file that the program itself adds (DW_LNE_define_file), with its folder's number.
  struct AddedFile {
    var name: String
    var folder: Int
  }

  private let unit: LineUnit
  private var cursor: SectionCursor
  private var state = Row()
  private var operation: UInt32 = 0
  /// The files that the program has added so far.
  private(set) var addedFiles: [AddedFile] = []

  /// Starts at the beginning of a sequence, by default the first one; `section` is the whole of .debug_line.
  init(_ unit: LineUnit, in section: SectionCursor, from start: Int? = nil) throws(SymbolsError) {
    self.unit = unit
    cursor = try section.part((start ?? unit.program.lowerBound)..<unit.program.upperBound)
  }

  /// Where the program goes on; behind the end of a sequence, the next one begins here.
  var position: Int { cursor.position }

  /// The next row; nil at the program's end.
  mutating func next() throws(SymbolsError) -> Row? {
    while !cursor.isAtEnd {
      let opcode = Int(try cursor.byte())
      if opcode >= unit.opcodeBase {
        let adjusted = opcode - unit.opcodeBase
        advance(UInt32(adjusted / unit.lineRange))
        state.line &+= unit.lineBase + adjusted % unit.lineRange
        return state
      }
      switch opcode {
      case 0: if try extendedInstruction() { return finishSequence() }
      case 1: return state
      default: try standardInstruction(opcode)
      }
    }
    return nil
  }

  private mutating func standardInstruction(_ opcode: Int) throws(SymbolsError) {
    switch opcode {
    case 2: advance(UInt32(truncatingIfNeeded: try cursor.unsigned()))
    case 3: state.line &+= Int(try cursor.signed())
    case 4: state.file = Int(truncatingIfNeeded: try cursor.unsigned())
    case 5: state.column = Int(truncatingIfNeeded: try cursor.unsigned())
    case 8: advance(UInt32((255 - unit.opcodeBase) / unit.lineRange))
    case 9:
      state.address &+= UInt32(try cursor.halfword())
      operation = 0
    default:
      // Marks that are not used here, and whatever a later version brings.
      for _ in 0..<unit.operandCounts[opcode - 1] { _ = try cursor.unsigned() }
    }
  }

  /// Carries out an instruction of several bytes; true where it ends the sequence.
  private mutating func extendedInstruction() throws(SymbolsError) -> Bool {
    let length = try cursor.count()
    guard length > 0 else { return false }
    let start = cursor.position
    let opcode = try cursor.byte()
    switch opcode {
    case 1: break
    case 2:
      state.address = UInt32(truncatingIfNeeded: try cursor.number(size: length - 1))
      operation = 0
    case 3:
      addedFiles.append(AddedFile(name: try cursor.text(), folder: try cursor.count()))
    default: break
    }
    // Discriminators, and whatever a compiler's maker has added, are passed over.
    try cursor.move(to: start)
    try cursor.skip(length)
    return opcode == 1
  }

  private mutating func finishSequence() -> Row {
    var last = state
    last.endsSequence = true
    state = Row()
    operation = 0
    return last
  }

  private mutating func advance(_ count: UInt32) {
    let total = operation &+ count
    state.address &+= unit.minimumInstructionLength &* (total / unit.maximumOperations)
    operation = total % unit.maximumOperations
  }
}
