/// Branches, and loads and stores of several registers.
extension CortexCore {
  // MARK: Branches

  /// Branches within Thumb state; returns that the block ends.
  @inline(__always)
  func branch(to target: UInt32) -> Bool {
    programCounter = target & ~1
    cycles &+= InstructionTiming.pipelineRefill
    return false
  }

  /// Branches by the immediate on a condition; returns whether the block goes on.
  @inline(__always)
  func branch(_ op: DecodedOperation, when condition: Bool) -> Bool {
    let isInside = op.options.contains(.variant)
    guard condition else { return isInside }
    if isInside { leaveBlock(behind: op) }
    return branch(to: op.programCounter &+ op.immediate)
  }

  /// Branches and takes the state from bit 0: an even address leaves Thumb state, which faults at the next instruction.
  @inline(__always)
  func branchToState(_ target: UInt32) -> Bool {
    if target & 1 == 0 {
      thumb = false
      requestAttention()
    }
    return branch(to: target)
  }

  /// BXWritePC and LoadWritePC: in Handler mode 0xFxxx_xxxx returns from the exception.
  @inline(__always)
  func branchExchange(_ op: DecodedOperation, to target: UInt32) throws(CoreFault) -> Bool {
    guard target >= 0xF000_0000, exceptionNumber != 0 else { return branchToState(target) }
    registers[15] = op.programCounter
    try returnFromException(target)
    return false
  }

  /// TBB and TBH.
  @inline(never)
  func tableBranch(_ op: DecodedOperation) throws(CoreFault) -> Bool {
    registers[15] = op.programCounter
    let (table, index) = (op.firstValue, op.secondValue)
    let isByte = op.kind == .tableBranchByte
    let distance = try load(table &+ (isByte ? index : index << 1), isByte ? .byte : .halfword)
    return branch(to: op.programCounter &+ 2 &* distance)
  }

  /// Goes past operations of an IT block; instructions whose condition fails take one cycle.
  @inline(__always)
  func skip(_ op: inout DecodedOperation, when condition: Bool) {
    guard condition else { return }
    cycles &-= UInt64(op.cycles)
    op.skip(op.immediate)
  }

  /// Lets the next operation, which stands in an IT block, write its register or one that nothing reads: that costs
  /// less than going past it, because the host need not guess.
  @inline(__always)
  func select(_ op: DecodedOperation, when condition: Bool) {
    // A shift of both numbers in one, because the compiler makes a branch of a choice.
    op.redirectNext(to: UInt8(truncatingIfNeeded: op.immediate &>> (condition ? 0 : 8)))
  }

  // MARK: Addresses

  @inline(__always)
  func literalAddress(_ op: DecodedOperation) -> UInt32 { (op.programCounter & ~3) &+ op.immediate }

  @inline(__always)
  func indexedAddress(_ op: DecodedOperation) -> UInt32 { op.firstValue &+ op.secondValue &<< op.immediate }

  /// The address of an access that writes its base back.
  @inline(__always)
  func accessAddress(_ op: DecodedOperation) -> UInt32 {
    op.options.contains(.indexed) ? op.firstValue &+ op.immediate : op.firstValue
  }

  // MARK: One register

  /// Loads a register, and branches when a word goes into PC; returns whether the block goes on.
  @inline(__always)
  func load(
    _ op: DecodedOperation, _ width: BusWidth, signed: Bool = false, from address: UInt32, writesBack: Bool = false
  ) throws(CoreFault) -> Bool {
    guard width != .word || op.destination != 15, let value = quickLoad(address, width) else {
      if width == .word, !writesBack, let value = steadyWord(op, address) {
        op.destinationValue = value
        return true
      }
      return try loadSlowly(op, width, signed: signed, from: address, writesBack: writesBack)
    }
    if writesBack { op.firstValue = op.firstValue &+ op.immediate }
    op.destinationValue = signed ? signExtend(value, width) : value
    return true
  }

  /// What a poll of a register reads that is sure to hold the same until the block's end.
  @inline(__always)
  private func steadyWord(_ op: DecodedOperation, _ address: UInt32) -> UInt32? {
    guard address == steadyRead.address, let block = blockInExecution,
      cycles &+ block.pointee.cycles < steadyRead.end, op.destination != 15
    else { return nil }
    cycles &+= steadyRead.extraCycles
    return steadyRead.value
  }

  @inline(never)
  private func loadSlowly(
    _ op: DecodedOperation, _ width: BusWidth, signed: Bool, from address: UInt32, writesBack: Bool
  ) throws(CoreFault) -> Bool {
    registers[15] = op.programCounter
    let value = try load(address, width)
    if writesBack { op.firstValue = op.firstValue &+ op.immediate }
    if width == .word, op.destination == 15 { return try branchExchange(op, to: value) }
    op.destinationValue = signed ? signExtend(value, width) : value
    return isInBlock
  }

  @inline(__always)
  private func signExtend(_ value: UInt32, _ width: BusWidth) -> UInt32 {
    width == .byte ? signExtend8(value) : signExtend16(value)
  }

  /// Stores a register; returns whether the block goes on.
  @inline(__always)
  func store(
    _ op: DecodedOperation, _ width: BusWidth, to address: UInt32, writesBack: Bool = false
  ) throws(CoreFault) -> Bool {
    guard quickStore(address, op.destinationValue, width) else {
      return try storeSlowly(op, width, to: address, writesBack: writesBack)
    }
    if writesBack { op.firstValue = op.firstValue &+ op.immediate }
    return true
  }

  @inline(never)
  private func storeSlowly(
    _ op: DecodedOperation, _ width: BusWidth, to address: UInt32, writesBack: Bool
  ) throws(CoreFault) -> Bool {
    registers[15] = op.programCounter
    try storeSlowly(address, op.destinationValue, width)
    if writesBack { op.firstValue = op.firstValue &+ op.immediate }
    return isInBlock
  }

  // MARK: Several registers

  /// Where PUSH begins to store.
  @inline(__always)
  func stackPointerBefore(_ op: DecodedOperation) -> UInt32 {
    registers[13] &- UInt32(op.immediate.nonzeroBitCount) * 4
  }

  /// Loads registers in rising order from an address; the base comes last and PC after it, so that the instruction can
  /// be repeated until then.
  ///
  /// - Returns: whether the block goes on.
  @inline(never)
  func loadMultiple(_ op: DecodedOperation, _ start: UInt32) throws(CoreFault) -> Bool {
    registers[15] = op.programCounter
    try requireAlignment(start)
    let base = op.kind == .pop ? 13 : Int(op.first)
    let bytes = quickSource(start, wordCount: op.immediate.nonzeroBitCount)
    var list = op.immediate
    var address = start
    var loadedBase: UInt32?
    var target: UInt32?
    while list != 0 {
      let number = list.trailingZeroBitCount
      let value =
        if let bytes { FastSlot.load(.word, bytes + Int(address &- start)) } else {
          try load32(address, continues: address != start)
        }
      if number == base {
        loadedBase = value
      } else if number == 15 {
        target = value
      } else {
        registers[number] = value
      }
      address &+= 4
      list &= list &- 1
    }
    if let loadedBase {
      registers[base] = loadedBase
    } else if op.kind == .pop || op.options.contains(.writesBack) {
      registers[base] = op.kind == .loadMultipleBefore ? start : address
    }
    if let target { return try branchExchange(op, to: target) }
    return isInBlock
  }

  /// Stores registers in rising order from an address and writes the base back; returns whether the block goes on.
  @inline(never)
  func storeMultiple(_ op: DecodedOperation, _ start: UInt32) throws(CoreFault) -> Bool {
    registers[15] = op.programCounter
    try requireAlignment(start)
    let bytes = quickTarget(start, wordCount: op.immediate.nonzeroBitCount)
    var list = op.immediate
    var address = start
    while list != 0 {
      let value = registers[list.trailingZeroBitCount]
      if let bytes {
        FastSlot.store(value, .word, bytes + Int(address &- start))
      } else {
        try store32(address, value, continues: address != start)
      }
      address &+= 4
      list &= list &- 1
    }
    switch op.kind {
    case .push: registers[13] = start
    case .storeMultipleBefore: if op.options.contains(.writesBack) { op.firstValue = start }
    default: if op.options.contains(.writesBack) { op.firstValue = address }
    }
    return isInBlock
  }

  /// LDRD.
  func loadDual(_ op: DecodedOperation, _ address: UInt32) throws(CoreFault) {
    try requireAlignment(address)
    let low = try load32(address)
    let high = try load32(address &+ 4, continues: true)
    if op.options.contains(.writesBack) { op.firstValue = op.firstValue &+ op.immediate }
    op.destinationValue = low
    op.thirdValue = high
  }

  /// STRD.
  func storeDual(_ op: DecodedOperation) throws(CoreFault) {
    let address = accessAddress(op)
    try requireAlignment(address)
    try store32(address, op.destinationValue)
    try store32(address &+ 4, op.thirdValue, continues: true)
    if op.options.contains(.writesBack) { op.firstValue = op.firstValue &+ op.immediate }
  }
}
