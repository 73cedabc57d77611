/// Fetch, decode, execute: one instruction at a time.
extension CortexCore {
  /// Executes one instruction.
  @inline(never)
  func step() throws(CoreFault) {
    let address = programCounter
    registers[15] = address &+ 4
    instructionIfThenState = ifThenState
    let word = try fetch(address)
    let isWide = word >= 0xE800_0000
    if accelerator.delays(address) {
      chargeFetch(address, straddles: isWide && address % FlashAccelerator.lineSize == 14)
    }
    let decoded = decodeCache.operation(of: word)
    decoded.pointee.programCounter = address &+ 4
    var operation = DecodedOperation(decoded, registers)
    programCounter = address &+ (isWide ? 4 : 2)
    executedInstructions &+= 1
    cycles &+= UInt64(operation.cycles)
    if ifThenState != 0 {
      guard let conditional = advanceIfThen(operation) else {
        // An instruction whose condition fails takes one cycle.
        cycles &-= UInt64(operation.cycles) - 1
        return
      }
      operation = conditional
    }
    _ = try execute(&operation)
    // Bits 1:0 of R13 do not exist.
    registers[13] &= ~3
  }

  /// Fetches the instruction at an address: a 16-bit one in the low half of the result, a 32-bit one with its first
  /// halfword in the high half.
  @inline(__always)
  private func fetch(_ address: UInt32) throws(CoreFault) -> UInt32 {
    let slot = slots.code[Int(address >> FastMemory.slotBits)]
    let offset = address &- slot.base
    guard offset < slot.readLimit else { return try fetchSlowly(address) }
    let pair = UInt32(littleEndian: slot.bytes.loadUnaligned(fromByteOffset: Int(offset), as: UInt32.self))
    let first = pair & 0xFFFF
    return Decoder.isWide(first) ? pair << 16 | pair >> 16 : first
  }

  /// Waits for the flash to deliver an instruction.
  @inline(__always)
  func chargeFetch(_ address: UInt32, straddles: Bool) {
    cycles &+= accelerator.fetchDelay(address, at: cycles)
    if straddles { cycles &+= accelerator.fetchDelay(address &+ 2, at: cycles) }
  }

  // MARK: If-Then

  /// Moves the state of an IT block on; nil when the instruction's condition fails.
  private func advanceIfThen(_ decoded: DecodedOperation) -> DecodedOperation? {
    let state = ifThenState
    ifThenState = Self.ifThenAdvanced(state)
    // BKPT is unconditional even there.
    guard conditionPassed(UInt8(truncatingIfNeeded: state >> 4)) || decoded.kind == .breakpoint else { return nil }
    conditionalOperation.pointee = decoded.operation
    // 16-bit data processing leaves the flags alone.
    if decoded.options.contains(.onlyOutsideIfThen) { conditionalOperation.pointee.options.remove(.setsFlags) }
    return DecodedOperation(conditionalOperation, registers)
  }

  /// ITAdvance (A7.3.2).
  @inline(__always)
  static func ifThenAdvanced(_ state: UInt32) -> UInt32 {
    state & 7 == 0 ? 0 : state & 0xE0 | state << 1 & 0x1F
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
    case 10: return !isLess
    case 11: return isLess
    case 12: return !zero && !isLess
    case 13: return zero || isLess
    default: return true
    }
  }
}
