extension CodeBlock {
  /// Decodes the instructions that begin at an address.
  ///
  /// - Parameter bytes: the code there, `CodeBlock.byteCount` bytes of it.
  mutating func decode(_ bytes: UnsafeRawPointer, at address: UInt32, _ ifThenState: UInt32, by cache: DecodeCache) {
    key = Self.key(address, ifThenState)
    code = bytes.loadUnaligned(as: SIMD4<UInt64>.self)
    (instructionCount, cycles, longest) = (0, 0, 2 * Self.longestWait)
    self.ifThenState = ifThenState
    let first = Self.halfword(bytes, 0)
    let lastLine = (address &+ (Decoder.isWide(first) ? 2 : 0)) / FlashAccelerator.lineSize
    straddles = lastLine != address / FlashAccelerator.lineSize
    var writer = OperationWriter(operations)
    var length: UInt32 = 0
    while length < Self.byteCount {
      let halfword = Self.halfword(bytes, length)
      let size: UInt32 = Decoder.isWide(halfword) ? 4 : 2
      let last = address &+ length &+ size &- 1
      guard length + size <= Self.byteCount, !isDelayed || last / FlashAccelerator.lineSize == lastLine else { break }
      let word = size == 4 ? halfword << 16 | Self.halfword(bytes, length + 2) : halfword
      var operation = cache.operation(of: word).pointee
      guard !operation.standsAlone, operation.kind != .ifThen || self.ifThenState == 0 else { break }
      operation.programCounter = address &+ length &+ 4
      append(operation, size, at: length, &writer)
      length += size
      if operation.endsBlock, !writer.continueBehindBranch(cycles, instructionCount) { break }
    }
    writer.end()
    end = address &+ length
    codeMask = Self.mask(length)
    if instructionCount == 0 {
      // What stands alone is decoded again each time.
      codeMask = Self.mask(2)
      longest = Self.never
    }
  }

  private mutating func append(
    _ operation: Operation, _ byteCount: UInt32, at offset: UInt32, _ writer: inout OperationWriter
  ) {
    let stateBefore = ifThenState
    ifThenState = operation.kind == .ifThen ? operation.immediate : CortexCore.ifThenAdvanced(stateBefore)
    writer.append(operation, ifThenState: stateBefore)
    instructionCount += 1
    cycles += UInt64(operation.cycles)
    longest += UInt64(operation.cycles) * (operation.kind.readsMemory ? 1 + Self.longestWait : 1) + Self.longestExtra
    lastProgramCounter = operation.programCounter
    marks[Int(offset / 2)] = CodeMark(
      cycles: UInt16(truncatingIfNeeded: cycles), instructionCount: UInt8(truncatingIfNeeded: instructionCount),
      byteCount: UInt8(truncatingIfNeeded: byteCount), ifThenStateBefore: UInt8(truncatingIfNeeded: stateBefore),
      ifThenStateAfter: UInt8(truncatingIfNeeded: ifThenState))
  }

  /// A word can wait for the flash, 15 cycles at most; and so can the two lines that a block begins in.
  private static let longestWait: UInt64 = 15
  /// Division takes up to 8 more cycles than counted, a branch 2.
  private static let longestExtra: UInt64 = 8

  private static func halfword(_ bytes: UnsafeRawPointer, _ offset: UInt32) -> UInt32 {
    UInt32(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: Int(offset), as: UInt16.self)))
  }

  /// The mask of the first bytes.
  private static func mask(_ byteCount: UInt32) -> SIMD4<UInt64> {
    var mask = SIMD4<UInt64>.zero
    for lane in 0..<4 {
      let bits = 8 * (Int(byteCount) - 8 * lane)
      mask[lane] = bits >= 64 ? .max : bits > 0 ? 1 << UInt64(bits) - 1 : 0
    }
    return mask
  }
}

extension Operation {
  /// Whether it cannot be part of a block: it changes more than registers and memory, or may leave bits 1:0 of the stack
  /// pointer set.
  fileprivate var standsAlone: Bool {
    switch kind {
    case .undefined, .coprocessor, .supervisorCall, .breakpoint, .barrier, .waitForEvent, .waitForInterrupt, .sendEvent,
      .changeProcessorState, .readSpecialRegister, .writeSpecialRegister,
      .loadExclusive, .loadExclusiveByte, .loadExclusiveHalfword, .storeExclusive, .storeExclusiveByte,
      .storeExclusiveHalfword, .clearExclusive, .loadWordUnprivileged, .loadHalfwordUnprivileged, .loadByteUnprivileged,
      .loadSignedHalfwordUnprivileged, .loadSignedByteUnprivileged, .storeWordUnprivileged, .storeHalfwordUnprivileged,
      .storeByteUnprivileged:
      return true
    case .addImmediate where destination == 13 && first == 13,
      .subtractImmediate where destination == 13 && first == 13:
      return immediate & 3 != 0
    case .storeWordImmediate, .storeHalfwordImmediate, .storeByteImmediate, .storeWordRegister, .storeHalfwordRegister,
      .storeByteRegister, .compareImmediate, .compareRegister, .branch, .branchConditional, .push:
      return false
    case .pop, .loadMultiple, .loadMultipleBefore, .storeMultiple, .storeMultipleBefore:
      return immediate & 1 << 13 != 0
    default:
      let writesBack = options.contains(.writesBack) || kind.isIndexed
      return destination == 13 || third == 13 || writesBack && first == 13 && immediate & 3 != 0
    }
  }

  /// Whether it may branch.
  fileprivate var endsBlock: Bool {
    switch kind {
    case .branch, .branchConditional, .branchWithLink, .branchExchange, .branchLinkExchange, .compareBranchZero,
      .compareBranchNonZero, .tableBranchByte, .tableBranchHalfword, .moveToProgramCounter, .addToProgramCounter:
      return true
    case .loadWordImmediate, .loadWordLiteral, .loadWordRegister, .loadWordIndexed: return destination == 15
    case .pop, .loadMultiple, .loadMultipleBefore: return immediate & 1 << 15 != 0
    default: return false
    }
  }
}

extension OperationKind {
  /// Whether it loads words, each of which may have to wait.
  fileprivate var readsMemory: Bool {
    rawValue >= OperationKind.loadWordImmediate.rawValue && rawValue <= OperationKind.storeDual.rawValue
      || rawValue >= OperationKind.floatLoad.rawValue || self == .tableBranchByte || self == .tableBranchHalfword
  }

  /// Loads and stores of one register that write their base back.
  fileprivate var isIndexed: Bool {
    switch self {
    case .loadWordIndexed, .loadHalfwordIndexed, .loadByteIndexed, .loadSignedHalfwordIndexed, .loadSignedByteIndexed,
      .storeWordIndexed, .storeHalfwordIndexed, .storeByteIndexed:
      return true
    default: return false
    }
  }
}
