/// Computes what an expression of call frame information says, as far as compilers write such expressions.
///
/// Source: DWARF 5, 2.5.1. Numbers have 32 bits, as the core's addresses.
struct FrameExpression {
  private let registers: UnwindRegisters
  private var stack: [UInt32] = []

  /// More than any expression of call frame information needs.
  private static let stackLimit = 64

  /// The value of an expression; `frameAddress` is what lies on the stack at first, where the rule has one.
  static func value<E: Error>(
    _ expression: SectionCursor, registers: UnwindRegisters, frameAddress: UInt32?,
    read: (UInt32) throws(E) -> UInt32?
  ) throws(E) -> Result<UInt32, UnwindFailure> {
    var cursor = expression
    var machine = FrameExpression(registers: registers)
    if let frameAddress { machine.stack.append(frameAddress) }
    while !cursor.isAtEnd {
      let step: Step
      do throws(SymbolsError) {
        step = try machine.step(&cursor)
      } catch {
        return .failure(.damaged(error))
      }
      switch step {
      case .done: break
      case .needsRegister(let number): return .failure(.lostRegister(number))
      case .needsMemory(let address):
        guard let word = try read(address) else { return .failure(.unreadable(address)) }
        machine.stack.append(word)
      }
    }
    guard let value = machine.stack.last else {
      return .failure(.damaged(cursor.error(.invalid("no value"))))
    }
    return .success(value)
  }

  private enum Step {
    case done
    case needsRegister(Int)
    case needsMemory(UInt32)
  }

  private init(registers: UnwindRegisters) {
    self.registers = registers
  }

  private mutating func step(_ cursor: inout SectionCursor) throws(SymbolsError) -> Step {
    guard stack.count < FrameExpression.stackLimit else {
      throw cursor.error(.unsupported("a deeper stack"))
    }
    let operation = try cursor.byte()
    switch operation {
    case 0x06: return .needsMemory(try pop(cursor))  // deref
    case 0x70...0x8F:  // breg0 to breg31
      return push(register: Int(operation - 0x70), offset: try cursor.signed())
    case 0x92: return push(register: try cursor.count(), offset: try cursor.signed())  // bregx
    case 0x96: return .done  // nop
    case 0x03, 0x08...0x11, 0x30...0x4F: stack.append(try constant(operation, &cursor))
    case 0x12...0x16: try rearrange(operation, &cursor)
    default: try calculate(operation, &cursor)
    }
    return .done
  }

  private mutating func push(register: Int, offset: Int64) -> Step {
    guard let value = registers[register] else { return .needsRegister(register) }
    stack.append(value &+ UInt32(truncatingIfNeeded: offset))
    return .done
  }

  private func constant(_ operation: UInt8, _ cursor: inout SectionCursor) throws(SymbolsError)
    -> UInt32
  {
    switch operation {
    case 0x08: UInt32(try cursor.byte())  // const1u
    case 0x09: UInt32(bitPattern: Int32(Int8(bitPattern: try cursor.byte())))  // const1s
    case 0x0A: UInt32(try cursor.halfword())  // const2u
    case 0x0B: UInt32(bitPattern: Int32(Int16(bitPattern: try cursor.halfword())))  // const2s
    case 0x03, 0x0C, 0x0D: try cursor.word()  // addr, const4u, const4s
    case 0x0E, 0x0F: UInt32(truncatingIfNeeded: try cursor.doubleWord())  // const8u, const8s
    case 0x10: UInt32(truncatingIfNeeded: try cursor.unsigned())  // constu
    case 0x11: UInt32(truncatingIfNeeded: try cursor.signed())  // consts
    default: UInt32(operation - 0x30)  // lit0 to lit31
    }
  }

  private mutating func rearrange(_ operation: UInt8, _ cursor: inout SectionCursor)
    throws(SymbolsError)
  {
    switch operation {
    case 0x12: stack.append(try peek(0, cursor))  // dup
    case 0x13: _ = try pop(cursor)  // drop
    case 0x14: stack.append(try peek(1, cursor))  // over
    case 0x15: stack.append(try peek(Int(try cursor.byte()), cursor))  // pick
    default:  // swap
      let (top, second) = (try pop(cursor), try pop(cursor))
      stack += [top, second]
    }
  }

  private mutating func calculate(_ operation: UInt8, _ cursor: inout SectionCursor)
    throws(SymbolsError)
  {
    if operation == 0x23 {  // plus_uconst
      let constant = UInt32(truncatingIfNeeded: try cursor.unsigned())
      stack.append(try pop(cursor) &+ constant)
      return
    }
    guard [0x1A, 0x1C, 0x1E, 0x21, 0x22, 0x24, 0x25, 0x27].contains(operation) else {
      throw cursor.error(.unsupported("operation \(operation) of an expression"))
    }
    let (top, second) = (try pop(cursor), try pop(cursor))
    switch operation {
    case 0x1A: stack.append(second & top)
    case 0x1C: stack.append(second &- top)
    case 0x1E: stack.append(second &* top)
    case 0x21: stack.append(second | top)
    case 0x22: stack.append(second &+ top)
    case 0x24: stack.append(second << top)
    case 0x25: stack.append(second >> top)
    default: stack.append(second ^ top)
    }
  }

  private mutating func pop(_ cursor: SectionCursor) throws(SymbolsError) -> UInt32 {
    guard let value = stack.popLast() else {
      throw cursor.error(.invalid("an expression without a value"))
    }
    return value
  }

  private func peek(_ depth: Int, _ cursor: SectionCursor) throws(SymbolsError) -> UInt32 {
    guard depth < stack.count else { throw cursor.error(.invalid("an expression without a value")) }
    return stack[stack.count - 1 - depth]
  }
}
