/// Carries out the DW_CFA instructions of a frame description up to an address.
///
/// Source: DWARF 5, 6.4.2 and 7.24, and GNU's extensions.
struct FrameProgram {
  private let description: FrameDescription
  private var rules = UnwindRules()
  /// The rules after the CIE's instructions, to which DW_CFA_restore goes back.
  private var initial = UnwindRules()
  private var kept: [UnwindRules] = []
  private var location: UInt32
  private let address: UInt32

  /// More rules than any compiler keeps.
  private static let keptLimit = 64

  /// The rules at an address; `section` is the whole of the section that the description is in.
  static func rules(
    at address: UInt32, _ description: FrameDescription, in section: SectionCursor
  ) throws(SymbolsError) -> UnwindRules {
    var program = FrameProgram(description, address: address)
    try program.run(try section.part(description.common.instructions))
    program.initial = program.rules
    try program.run(try section.part(description.instructions))
    return program.rules
  }

  private init(_ description: FrameDescription, address: UInt32) {
    self.description = description
    self.address = address
    location = UInt32(truncatingIfNeeded: description.addresses.lowerBound)
  }

  /// Runs until the instructions end, or speak of what lies behind the address.
  private mutating func run(_ instructions: SectionCursor) throws(SymbolsError) {
    var cursor = instructions
    while !cursor.isAtEnd, location <= address {
      let opcode = try cursor.byte()
      let operand = Int(opcode & 0x3F)
      switch opcode >> 6 {
      case 1: advance(UInt32(operand))
      case 2: rules[operand] = .stored(scaled(Int64(truncatingIfNeeded: try cursor.unsigned())))
      case 3: rules[operand] = initial[operand]
      default: try run(opcode, &cursor)
      }
    }
  }

  private mutating func run(_ opcode: UInt8, _ cursor: inout SectionCursor) throws(SymbolsError) {
    switch opcode {
    case 0x00: break  // nop
    case 0x01:  // set_loc
      location = UInt32(truncatingIfNeeded: try cursor.number(size: description.common.addressSize))
    case 0x02: advance(UInt32(try cursor.byte()))
    case 0x03: advance(UInt32(try cursor.halfword()))
    case 0x04: advance(try cursor.word())
    case 0x0A:  // remember_state
      guard kept.count < FrameProgram.keptLimit else {
        throw cursor.error(.unsupported("more kept states"))
      }
      kept.append(rules)
    case 0x0B:  // restore_state
      guard let last = kept.popLast() else {
        throw cursor.error(.invalid("no state to go back to"))
      }
      rules = last
    case 0x0C...0x0F, 0x12, 0x13: try setFrameAddress(opcode, &cursor)
    case 0x2D: break  // GNU_window_save, which is not for this core
    case 0x2E: _ = try cursor.unsigned()  // GNU_args_size
    default: try setRegister(opcode, &cursor)
    }
  }

  private mutating func setFrameAddress(_ opcode: UInt8, _ cursor: inout SectionCursor)
    throws(SymbolsError)
  {
    switch opcode {
    case 0x0C:  // def_cfa
      rules.frameAddress = .register(
        try cursor.count(), Int32(truncatingIfNeeded: try cursor.unsigned()))
    case 0x12:  // def_cfa_sf
      rules.frameAddress = .register(try cursor.count(), scaled(try cursor.signed()))
    case 0x0F: rules.frameAddress = .expression(try block(&cursor))  // def_cfa_expression
    default:
      guard case .register(let register, let offset) = rules.frameAddress else {
        throw cursor.error(.invalid("a change of a frame address that was not set"))
      }
      switch opcode {
      case 0x0D: rules.frameAddress = .register(try cursor.count(), offset)  // def_cfa_register
      case 0x0E:  // def_cfa_offset
        rules.frameAddress = .register(register, Int32(truncatingIfNeeded: try cursor.unsigned()))
      default: rules.frameAddress = .register(register, scaled(try cursor.signed()))  // def_cfa_offset_sf
      }
    }
  }

  private mutating func setRegister(_ opcode: UInt8, _ cursor: inout SectionCursor)
    throws(SymbolsError)
  {
    guard
      [0x05...0x09, 0x10...0x11, 0x14...0x16, 0x2F...0x2F].contains(where: { $0.contains(opcode) })
    else {
      throw cursor.error(.unsupported("instruction \(opcode)"))
    }
    let register = try cursor.count()
    switch opcode {
    case 0x05: rules[register] = .stored(scaled(Int64(truncatingIfNeeded: try cursor.unsigned())))  // offset_extended
    case 0x06: rules[register] = initial[register]  // restore_extended
    case 0x07: rules[register] = .undefined
    case 0x08: rules[register] = .same
    case 0x09: rules[register] = .register(try cursor.count())
    case 0x10: rules[register] = .expression(try block(&cursor), isAddress: true)
    case 0x11: rules[register] = .stored(scaled(try cursor.signed()))  // offset_extended_sf
    case 0x14:
      rules[register] = .frameAddress(scaled(Int64(truncatingIfNeeded: try cursor.unsigned())))  // val_offset
    case 0x15: rules[register] = .frameAddress(scaled(try cursor.signed()))  // val_offset_sf
    case 0x16: rules[register] = .expression(try block(&cursor), isAddress: false)
    default:  // GNU_negative_offset_extended
      rules[register] = .stored(0 &- scaled(Int64(truncatingIfNeeded: try cursor.unsigned())))
    }
  }

  private mutating func advance(_ count: UInt32) {
    location &+= count &* description.common.codeAlignment
  }

  private func scaled(_ offset: Int64) -> Int32 {
    Int32(truncatingIfNeeded: offset) &* description.common.dataAlignment
  }

  /// The bytes of an expression, with their length in front.
  private func block(_ cursor: inout SectionCursor) throws(SymbolsError) -> Range<Int> {
    let length = try cursor.count()
    let start = cursor.position
    try cursor.skip(length)
    return start..<cursor.position
  }
}
