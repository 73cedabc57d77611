/// Carries out the instructions of an entry of the exception tables: what a function has put on the stack comes off.
///
/// Source: Exception Handling ABI for the Arm Architecture (IHI 0038), 10.3.
struct ExceptionIndexProgram {
  private var instructions: ArraySlice<UInt8>
  private var registers: UnwindRegisters
  /// The virtual stack pointer.
  private var stackPointer: UInt32?
  private var hasReturnAddress = false

  init(_ instructions: [UInt8], registers: UnwindRegisters) {
    self.instructions = instructions[...]
    self.registers = registers
    stackPointer = registers.stackPointer
    self.registers.programCounter = nil
    for number in [0, 1, 2, 3, 12] { self.registers[number] = nil }
  }

  /// The caller's registers; nil where an instruction says that nothing is said, or is not known.
  mutating func caller<E: Error>(
    _ read: (UInt32) throws(E) -> UInt32?
  ) throws(E) -> CallFrameInformation.Outcome? {
    while let instruction = instructions.popFirst() {
      // Finish.
      if instruction == 0xB0 { break }
      switch instruction {
      case 0x00...0x3F: advance(UInt32(instruction) << 2 + 4)
      case 0x40...0x7F: advance(0 &- (UInt32(instruction & 0x3F) << 2 + 4))
      case 0x80...0x8F:
        guard let next = instructions.popFirst() else { return nil }
        let mask = UInt32(instruction & 0xF) << 12 | UInt32(next) << 4
        // Without a register it is the instruction to refuse.
        if mask == 0 { return nil }
        if let failure = try pop(mask, read) { return .failed(failure) }
      case 0x90...0x9F: stackPointer = registers[Int(instruction & 0xF)]
      case 0xA0...0xAF:
        let low = UInt32(1) << (5 + UInt32(instruction & 0x7)) - 0x10
        if let failure = try pop(low | (instruction & 0x8 != 0 ? 1 << 14 : 0), read) {
          return .failed(failure)
        }
      case 0xB1:
        guard let mask = instructions.popFirst(), (0x01...0x0F).contains(mask) else { return nil }
        if let failure = try pop(UInt32(mask), read) { return .failed(failure) }
      case 0xB2: advance(0x204 &+ (unsigned() << 2))
      case 0xB3, 0xC8, 0xC9:
        guard let next = instructions.popFirst() else { return nil }
        advance(8 * (UInt32(next & 0xF) + 1) + (instruction == 0xB3 ? 4 : 0))
      case 0xB8...0xBF: advance(8 * (UInt32(instruction & 0x7) + 1) + 4)
      case 0xD0...0xD7: advance(8 * (UInt32(instruction & 0x7) + 1))
      default: return nil
      }
    }
    guard stackPointer != nil else { return .failed(.lostRegister(13)) }
    registers.stackPointer = stackPointer
    if !hasReturnAddress { registers.programCounter = registers.linkRegister }
    registers.linkRegister = nil
    return .caller(registers)
  }

  private mutating func advance(_ count: UInt32) {
    stackPointer = stackPointer.map { $0 &+ count }
  }

  /// Takes registers off the stack, the lowest number first.
  private mutating func pop<E: Error>(_ mask: UInt32, _ read: (UInt32) throws(E) -> UInt32?)
    throws(E) -> UnwindFailure?
  {
    guard var place = stackPointer else { return .lostRegister(13) }
    let hasStackPointer = mask & 1 << 13 != 0
    for number in 0..<16 where mask & 1 << UInt32(number) != 0 {
      guard let word = try read(place) else { return .unreadable(place) }
      if number == 15 { hasReturnAddress = true }
      registers[number] = word
      place = place &+ 4
    }
    stackPointer = hasStackPointer ? registers[13] : place
    return nil
  }

  private mutating func unsigned() -> UInt32 {
    var (value, shift): (UInt32, UInt32) = (0, 0)
    while let next = instructions.popFirst() {
      value |= UInt32(next & 0x7F) << shift
      shift += 7
      if next < 0x80 { break }
    }
    return value
  }
}
