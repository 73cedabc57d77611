/// Fetch, decode, execute.
extension CortexCore {
  /// How many decoded instructions are kept, as a power of two.
  static let decodedBits: UInt32 = 14

  /// Executes one instruction.
  ///
  /// What it decodes it keeps by the instruction's bits, not by its address: code in memory may change at any time and
  /// nothing has to be invalidated.
  @inline(__always)
  func step() throws(CoreFault) {
    let address = programCounter
    registers[15] = address &+ 4
    let word = try fetch(address)
    let slot = Int((word &* 0x9E37_79B1) >> (32 - Self.decodedBits))
    if decoded[slot].word != word { decodeAgain(word, slot) }
    let operation = DecodedOperation(decoded + slot)
    programCounter = address &+ (word >= 0xE800_0000 ? 4 : 2)
    cycles &+= UInt64(operation.cycles)
    executedInstructions &+= 1
    if ifThenState == 0 {
      try execute(operation)
    } else {
      try executeInIfThen(operation)
    }
    // Bits 1:0 of R13 do not exist.
    registers[13] &= ~3
  }

  /// Fetches the instruction at an address: a 16-bit one in the low half of the result, a 32-bit one with its first
  /// halfword in the high half.
  @inline(__always)
  private func fetch(_ address: UInt32) throws(CoreFault) -> UInt32 {
    let offset = address &- codeSlot.base
    guard offset < codeSlot.readLimit else { return try fetchElsewhere(address) }
    let pair = UInt32(littleEndian: codeSlot.bytes.loadUnaligned(fromByteOffset: Int(offset), as: UInt32.self))
    let first = pair & 0xFFFF
    return Decoder.isWide(first) ? pair << 16 | pair >> 16 : first
  }

  /// Fetches from another region than the last time, or by the bus.
  @inline(never)
  private func fetchElsewhere(_ address: UInt32) throws(CoreFault) -> UInt32 {
    let slot = codeSlots[Int(address >> FastMemory.slotBits)]
    let offset = address &- slot.base
    guard offset < slot.readLimit else { return try fetchSlowly(address) }
    codeSlot = slot
    return try fetch(address)
  }

  @inline(never)
  private func decodeAgain(_ word: UInt32, _ slot: Int) {
    decoded[slot] = decoder.decode(word, isWide: word >= 0xE800_0000)
  }

  // MARK: If-Then

  /// Executes an instruction of an IT block when its condition holds, and moves the block's state on.
  @inline(never)
  private func executeInIfThen(_ decoded: DecodedOperation) throws(CoreFault) {
    let state = ifThenState
    // ITAdvance (A7.3.2).
    ifThenState = state & 7 == 0 ? 0 : state & 0xE0 | state << 1 & 0x1F
    // BKPT is unconditional even there.
    guard conditionPassed(UInt8(truncatingIfNeeded: state >> 4)) || decoded.kind == .breakpoint else { return }
    conditionalOperation.pointee = decoded.operation
    // 16-bit data processing leaves the flags alone.
    if decoded.options.contains(.onlyOutsideIfThen) { conditionalOperation.pointee.options.remove(.setsFlags) }
    do throws(CoreFault) {
      try execute(DecodedOperation(conditionalOperation))
    } catch {
      // The instruction is to be repeated, or its handler returns to it.
      ifThenState = state
      throw error
    }
  }

  /// ConditionPassed (A7.3.1).
  @inline(__always)
  func conditionPassed(_ condition: UInt8) -> Bool {
    switch condition {
    case 0: return zero
    case 1: return !zero
    case 2: return carry
    case 3: return !carry
    case 4: return negative
    case 5: return !negative
    case 6: return overflow
    case 7: return !overflow
    case 8: return carry && !zero
    case 9: return !carry || zero
    case 10: return negative == overflow
    case 11: return negative != overflow
    case 12: return !zero && negative == overflow
    case 13: return zero || negative != overflow
    default: return true
    }
  }
}
