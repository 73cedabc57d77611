/// Executing whole blocks.
///
/// While a block executes, R15 alone says where the core is: cycles, program counter and IT state are those of the
/// block's end. Whatever needs to see or change more calls `settle()` first, which brings them to the instruction that
/// executes; the block then ends behind that instruction. So everything outside registers and fast memory sees the same
/// states and times as with one `step()` after the other.
extension CortexCore {
  /// Executes instructions until `cycleLimit`.
  @inline(__always)
  func executeBlocks() throws(CoreFault) {
    while cycles < cycleLimit {
      if let block = blockToExecute(), cycles &+ block.pointee.longest <= cycleLimit {
        try execute(block)
      } else {
        try step()
      }
    }
  }

  /// The block at the program counter; nil where code is not in fast memory.
  @inline(__always)
  private func blockToExecute() -> UnsafeMutablePointer<CodeBlock>? {
    let address = programCounter
    let offset = address &- codeSlot.base
    guard offset < codeSlot.blockLimit else { return blockElsewhere(address) }
    let bytes = UnsafeRawPointer(codeSlot.bytes + Int(offset))
    let block = blocks[address]
    let code = block.pointee.code
    let mask = block.pointee.codeMask
    let difference =
      ((bytes.loadUnaligned(as: UInt64.self) ^ code.0) & mask.0)
      | ((bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self) ^ code.1) & mask.1)
      | (block.pointee.key ^ CodeBlock.key(address, ifThenState))
    return difference == 0 ? block : decodeBlock(bytes)
  }

  /// Goes to the region of an address, if it is in fast memory.
  @inline(never)
  private func blockElsewhere(_ address: UInt32) -> UnsafeMutablePointer<CodeBlock>? {
    let slot = codeSlots[Int(address >> FastMemory.slotBits)]
    let offset = address &- slot.base
    guard offset < slot.blockLimit else { return nil }
    codeSlot = slot
    return decodeBlock(UnsafeRawPointer(slot.bytes + Int(offset)))
  }

  @inline(never)
  private func decodeBlock(_ bytes: UnsafeRawPointer) -> UnsafeMutablePointer<CodeBlock> {
    let block = blocks.replace(at: programCounter)
    block.pointee.decode(bytes, at: programCounter, ifThenState, by: decodeCache)
    return block
  }

  @inline(__always)
  private func execute(_ block: UnsafeMutablePointer<CodeBlock>) throws(CoreFault) {
    if codeSlot.isDelayed { chargeFetch(block.pointee.address, straddles: block.pointee.straddles) }
    if block.pointee.isEndlessLoop { return skipEndlessLoop(block) }
    programCounter = block.pointee.end
    ifThenState = block.pointee.ifThenState
    blockInExecution = block
    var operation = DecodedOperation(block.pointee.operations)
    operationLimit = DecodedOperation.place(block.pointee.operations + block.pointee.operationCount)
    repeat {
      registers[15] = operation.programCounter
      try execute(&operation)
      operation.advance()
    } while operation.place < operationLimit
    if operationLimit != 0 {
      cycles &+= block.pointee.cycles
      executedInstructions &+= block.pointee.instructionCount
      operationLimit = 0
    }
  }

  /// Spends the time until something is due in a branch to itself.
  private func skipEndlessLoop(_ block: UnsafeMutablePointer<CodeBlock>) {
    let turn = block.pointee.cycles + InstructionTiming.pipelineRefill
    let turns = (cycleLimit - cycles + turn - 1) / turn
    registers[15] = block.pointee.operations[0].programCounter
    cycles += turns * turn
    executedInstructions += turns
  }

  /// Brings the core's state to the instruction that executes and ends the block behind it.
  @inline(__always)
  func settle() {
    if operationLimit != 0 { settleBlock() }
  }

  @inline(never)
  private func settleBlock() {
    operationLimit = 0
    let block = blockInExecution.pointee
    var state = block.initialIfThenState
    programCounter = block.end
    for index in 0..<block.operationCount {
      let operation = block.operations[index]
      guard operation.kind != .skipUnless else { continue }
      guard operation.programCounter <= registers[15] else {
        programCounter = operation.programCounter &- 4
        break
      }
      instructionIfThenState = state
      state = operation.kind == .ifThenInBlock ? operation.immediate : Self.ifThenAdvanced(state)
      cycles &+= UInt64(operation.cycles)
      executedInstructions &+= 1
    }
    ifThenState = state
  }
}
