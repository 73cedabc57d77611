/// Branches, and loads and stores of several registers.
extension CortexCore {
  // MARK: Branches

  /// Branches within Thumb state.
  @inline(__always)
  func branch(to target: UInt32) {
    programCounter = target & ~1
    cycles &+= InstructionTiming.pipelineRefill
  }

  /// Branches and takes the state from bit 0: an even address leaves Thumb state, which faults at the next instruction.
  @inline(__always)
  func branchToState(_ target: UInt32) {
    branch(to: target)
    if target & 1 == 0 {
      thumb = false
      requestAttention()
    }
  }

  /// BXWritePC and LoadWritePC: in Handler mode 0xFxxx_xxxx returns from the exception.
  @inline(__always)
  func branchExchange(to target: UInt32) throws(CoreFault) {
    if target >= 0xF000_0000, exceptionNumber != 0 {
      try returnFromException(target)
    } else {
      branchToState(target)
    }
  }

  // MARK: Addresses

  @inline(__always)
  func literalAddress(_ op: DecodedOperation) -> UInt32 { (registers[15] & ~3) &+ op.immediate }

  @inline(__always)
  func indexedAddress(_ op: DecodedOperation) -> UInt32 { registers[op.first] &+ registers[op.second] &<< op.immediate }

  /// The address of an access that writes its base back.
  @inline(__always)
  func accessAddress(_ op: DecodedOperation) -> UInt32 {
    op.options.contains(.indexed) ? registers[op.first] &+ op.immediate : registers[op.first]
  }

  @inline(__always)
  func writeBack(_ op: DecodedOperation, loaded value: UInt32) {
    registers[op.first] = registers[op.first] &+ op.immediate
    registers[op.destination] = value
  }

  /// A loaded word goes to its register; into PC it branches.
  @inline(__always)
  func finishWordLoad(_ op: DecodedOperation, _ value: UInt32) throws(CoreFault) {
    if op.destination == 15 {
      try branchExchange(to: value)
    } else {
      registers[op.destination] = value
    }
  }

  // MARK: Several registers

  /// Where PUSH begins to store.
  @inline(__always)
  func stackPointerBefore(_ op: DecodedOperation) -> UInt32 {
    registers[13] &- UInt32(op.immediate.nonzeroBitCount) * 4
  }

  /// Loads registers in rising order from an address; the base comes last and PC after it, so that the instruction can
  /// be repeated until then.
  @inline(__always)
  func loadMultiple(_ op: DecodedOperation, _ start: UInt32) throws(CoreFault) {
    try requireAlignment(start)
    let base = op.kind == .pop ? 13 : Int(op.first)
    var list = op.immediate
    var address = start
    var loadedBase: UInt32?
    var target: UInt32?
    while list != 0 {
      let number = list.trailingZeroBitCount
      let value = try load32(address, continues: address != start)
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
    if let target { try branchExchange(to: target) }
  }

  /// Stores registers in rising order from an address and writes the base back.
  @inline(__always)
  func storeMultiple(_ op: DecodedOperation, _ start: UInt32) throws(CoreFault) {
    try requireAlignment(start)
    var list = op.immediate
    var address = start
    while list != 0 {
      try store32(address, registers[list.trailingZeroBitCount], continues: address != start)
      address &+= 4
      list &= list &- 1
    }
    switch op.kind {
    case .push: registers[13] = start
    case .storeMultipleBefore: if op.options.contains(.writesBack) { registers[op.first] = start }
    default: if op.options.contains(.writesBack) { registers[op.first] = address }
    }
  }

  /// LDRD.
  func loadDual(_ op: DecodedOperation, _ address: UInt32) throws(CoreFault) {
    try requireAlignment(address)
    let low = try load32(address)
    let high = try load32(address &+ 4, continues: true)
    if op.options.contains(.writesBack) { registers[op.first] = registers[op.first] &+ op.immediate }
    registers[op.destination] = low
    registers[op.third] = high
  }

  /// STRD.
  func storeDual(_ op: DecodedOperation) throws(CoreFault) {
    let address = accessAddress(op)
    try requireAlignment(address)
    try store32(address, registers[op.destination])
    try store32(address &+ 4, registers[op.third], continues: true)
    if op.options.contains(.writesBack) { registers[op.first] = registers[op.first] &+ op.immediate }
  }
}
