/// Executing whole blocks.
///
/// While a block executes, cycles, program counter, IT state and R15 are those of its last instruction or its end. An
/// instruction that leaves registers and fast memory puts its own program counter into R15; whatever needs to see or
/// change more calls `settle()` first, which brings the rest to the instruction that R15 names; the block then ends
/// behind that instruction. So everything outside registers and fast memory sees the same states and times as with one
/// `step()` after the other.
extension CortexCore {
  /// Executes instructions until `cycleLimit`.
  @inline(__always)
  func executeBlocks() throws(CoreFault) {
    while true {
      if let block = blockToExecute(), cycles &+ block.pointee.longest <= cycleLimit {
        try execute(block)
      } else {
        leaveBlock()
        guard cycles < cycleLimit else { return }
        try step()
      }
    }
  }

  /// The block at the program counter; nil where code is not in fast memory.
  @inline(__always)
  private func blockToExecute() -> UnsafeMutablePointer<CodeBlock>? {
    let block = blocks[programCounter]
    let isCurrent =
      block.pointee.generation == codeGeneration && block.pointee.key == CodeBlock.key(programCounter, ifThenState)
    return isCurrent ? block : findBlock()
  }

  /// Looks for the code at the program counter, and decodes it if it is not what the block there was made of.
  @inline(never)
  private func findBlock() -> UnsafeMutablePointer<CodeBlock>? {
    let slot = slots.code[Int(programCounter >> FastMemory.slotBits)]
    let offset = programCounter &- slot.base
    guard offset < slot.blockLimit else { return nil }
    let bytes = UnsafeRawPointer(slot.bytes + Int(offset))
    var block = blocks[programCounter]
    let isSame =
      block.pointee.key == CodeBlock.key(programCounter, ifThenState) && block.pointee.isDelayed == slot.isDelayed
    if !isSame || !block.pointee.matches(bytes) {
      block = blocks.replace(at: programCounter)
      block.pointee.isDelayed = slot.isDelayed
      block.pointee.decode(bytes, at: programCounter, ifThenState, by: decodeCache)
    }
    if slot.writeLimit > 0 {
      writableCode.extend(to: bytes, byteCount: UInt(block.pointee.end &- block.pointee.address))
    }
    block.pointee.generation = codeGeneration
    return block
  }

  @inline(__always)
  private func execute(_ block: UnsafeMutablePointer<CodeBlock>) throws(CoreFault) {
    if block.pointee.isDelayed { chargeFetch(block.pointee.address, straddles: block.pointee.straddles) }
    programCounter = block.pointee.end
    ifThenState = block.pointee.ifThenState
    blockInExecution = block
    var operation = DecodedOperation(block.pointee.operations, registers)
    while try execute(&operation) { operation.advance() }
    if isInBlock {
      cycles &+= block.pointee.cycles
      executedInstructions &+= block.pointee.instructionCount
    }
  }

  /// Ends the last block: only from one to the next it may stay the one in execution.
  @inline(__always)
  private func leaveBlock() {
    if let block = blockInExecution {
      registers[15] = block.pointee.lastProgramCounter
      blockInExecution = nil
    }
  }

  /// Ends a block behind a branch inside it.
  @inline(__always)
  func leaveBlock(behind branch: DecodedOperation) {
    cycles &+= UInt64(branch.cycles)
    executedInstructions &+= UInt64(branch.second)
    ifThenState = 0
    registers[15] = branch.programCounter
    blockInExecution = nil
  }

  /// Whether a block executes whose state is not settled.
  @inline(__always)
  var isInBlock: Bool { blockInExecution != nil }

  /// Spends the time until something is due in a branch to itself; returns that the block ends.
  @inline(never)
  func skipEndlessLoop() -> Bool {
    guard let block = blockInExecution else { return false }
    leaveBlock()
    programCounter = block.pointee.address
    let turn = block.pointee.cycles + InstructionTiming.pipelineRefill
    let turns = (cycleLimit - cycles + turn - 1) / turn
    cycles += turns * turn
    executedInstructions += turns
    return false
  }

  /// Brings the core's state to the instruction that executes and ends the block behind it.
  @inline(__always)
  func settle() {
    if let block = blockInExecution { settle(block) }
  }

  @inline(never)
  private func settle(_ block: UnsafeMutablePointer<CodeBlock>) {
    blockInExecution = nil
    let mark = mark(in: block)
    programCounter = registers[15] &- 4 &+ UInt32(mark.byteCount)
    instructionIfThenState = UInt32(mark.ifThenStateBefore)
    ifThenState = UInt32(mark.ifThenStateAfter)
    cycles &+= UInt64(mark.cycles)
    executedInstructions &+= UInt64(mark.instructionCount)
  }

  /// The cycles at the end of the instruction that R15 names, as far as they are known before it executes.
  var cyclesBehindInstruction: UInt64 {
    guard let block = blockInExecution else { return cycles }
    return cycles &+ UInt64(mark(in: block).cycles)
  }

  /// The mark of the instruction that R15 names.
  private func mark(in block: UnsafeMutablePointer<CodeBlock>) -> CodeMark {
    block.pointee.marks[Int(registers[15] &- 4 &- block.pointee.address) >> 1]
  }
}
