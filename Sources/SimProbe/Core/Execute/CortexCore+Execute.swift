/// The instructions that make up most of any program; the rarer ones follow in `executeSystem`, `executeDSP` and
/// `executeFloat`.
extension CortexCore {
  /// Executes an operation; returns whether the next one of its block follows.
  @inline(__always)
  func execute(_ op: inout DecodedOperation) throws(CoreFault) -> Bool {
    switch op.kind {
    // Data processing with an immediate
    case .andImmediate: logicalImmediate(op, op.firstValue & op.immediate)
    case .bitClearImmediate: logicalImmediate(op, op.firstValue & ~op.immediate)
    case .orImmediate: logicalImmediate(op, op.firstValue | op.immediate)
    case .orNotImmediate: logicalImmediate(op, op.firstValue | ~op.immediate)
    case .exclusiveOrImmediate: logicalImmediate(op, op.firstValue ^ op.immediate)
    case .moveImmediate: logicalImmediate(op, op.immediate)
    case .moveNotImmediate: logicalImmediate(op, ~op.immediate)
    case .testImmediate: testImmediate(op, op.firstValue & op.immediate)
    case .testEqualImmediate: testImmediate(op, op.firstValue ^ op.immediate)
    case .addImmediate: add(op, op.firstValue, op.immediate)
    case .addCarryImmediate: addWithCarry(op, op.firstValue, op.immediate)
    case .subtractImmediate: subtract(op, op.firstValue, op.immediate)
    case .subtractCarryImmediate: addWithCarry(op, op.firstValue, ~op.immediate)
    case .reverseSubtractImmediate: subtract(op, op.immediate, op.firstValue)
    case .compareImmediate: compare(op.firstValue, op.immediate)
    case .compareNegativeImmediate: compareNegative(op.firstValue, op.immediate)
    case .addressRelative: op.destinationValue = literalAddress(op)
    case .moveTop: op.destinationValue = op.destinationValue & 0xFFFF | op.immediate << 16

    // Data processing with a plain register
    case .andRegister: logical(op, op.firstValue & op.secondValue)
    case .bitClearRegister: logical(op, op.firstValue & ~op.secondValue)
    case .orRegister: logical(op, op.firstValue | op.secondValue)
    case .exclusiveOrRegister: logical(op, op.firstValue ^ op.secondValue)
    case .moveRegister: op.destinationValue = op.secondValue
    case .moveNotRegister: logical(op, ~op.secondValue)
    case .testRegister: setNegativeZero(op.firstValue & op.secondValue)
    case .addRegister: add(op, op.firstValue, op.secondValue)
    case .addCarryRegister: addWithCarry(op, op.firstValue, op.secondValue)
    case .subtractRegister: subtract(op, op.firstValue, op.secondValue)
    case .subtractCarryRegister: addWithCarry(op, op.firstValue, ~op.secondValue)
    case .compareRegister: compare(op.firstValue, op.secondValue)
    case .compareNegativeRegister: compareNegative(op.firstValue, op.secondValue)
    case .moveToProgramCounter: return branch(to: op.secondValue)
    case .addToProgramCounter: return branch(to: op.programCounter &+ op.secondValue)

    // Data processing with a shifted register
    case .andShifted: logicalShifted(op) { $0 & $1 }
    case .bitClearShifted: logicalShifted(op) { $0 & ~$1 }
    case .orShifted: logicalShifted(op) { $0 | $1 }
    case .orNotShifted: logicalShifted(op) { $0 | ~$1 }
    case .exclusiveOrShifted: logicalShifted(op) { $0 ^ $1 }
    case .moveShifted: logicalShifted(op) { $1 }
    case .moveShiftedLeft: moveShiftedLeft(op)
    case .moveShiftedRight: moveShiftedRight(op)
    case .moveNotShifted: logicalShifted(op) { ~$1 }
    case .testShifted: testShifted(op) { $0 & $1 }
    case .testEqualShifted: testShifted(op) { $0 ^ $1 }
    case .addShifted: add(op, op.firstValue, shifted(op))
    case .addCarryShifted: addWithCarry(op, op.firstValue, shifted(op))
    case .subtractShifted: subtract(op, op.firstValue, shifted(op))
    case .subtractCarryShifted: addWithCarry(op, op.firstValue, ~shifted(op))
    case .reverseSubtractShifted: subtract(op, shifted(op), op.firstValue)
    case .compareShifted: compare(op.firstValue, shifted(op))
    case .compareNegativeShifted: compareNegative(op.firstValue, shifted(op))
    case .shiftByRegister: shiftByRegister(op)

    // Multiplication and division
    case .multiply: logical(op, op.firstValue &* op.secondValue)
    case .multiplyAdd:
      op.destinationValue = op.thirdValue &+ op.firstValue &* op.secondValue
    case .multiplySubtract:
      op.destinationValue = op.thirdValue &- op.firstValue &* op.secondValue
    case .signedMultiplyLong: signedMultiplyLong(op, accumulate: false)
    case .unsignedMultiplyLong: unsignedMultiplyLong(op, accumulate: false)
    case .signedMultiplyAddLong: signedMultiplyLong(op, accumulate: true)
    case .unsignedMultiplyAddLong: unsignedMultiplyLong(op, accumulate: true)
    case .signedDivide: try signedDivide(op)
    case .unsignedDivide: try unsignedDivide(op)

    // Bit fields, extension, reversal
    case .signedBitField, .unsignedBitField: try extractBitField(op)
    case .bitFieldInsert: try insertBitField(op, op.firstValue)
    case .bitFieldClear: try insertBitField(op, 0)
    case .signExtendByte:
      op.destinationValue = UInt32(bitPattern: Int32(Int8(truncatingIfNeeded: rotatedSecond(op))))
    case .signExtendHalfword:
      op.destinationValue = UInt32(bitPattern: Int32(Int16(truncatingIfNeeded: rotatedSecond(op))))
    case .zeroExtendByte: op.destinationValue = rotatedSecond(op) & 0xFF
    case .zeroExtendHalfword: op.destinationValue = rotatedSecond(op) & 0xFFFF
    case .reverseBytes: op.destinationValue = op.secondValue.byteSwapped
    case .reverseHalfwordBytes: op.destinationValue = rotate(op.secondValue.byteSwapped, 16)
    case .reverseSignedHalfword:
      let swapped = Int16(truncatingIfNeeded: op.secondValue).byteSwapped
      op.destinationValue = UInt32(bitPattern: Int32(swapped))
    case .reverseBits: op.destinationValue = reverseBits(op.secondValue)
    case .countLeadingZeros: op.destinationValue = UInt32(op.secondValue.leadingZeroBitCount)

    // Branches
    case .branch: return branch(to: op.programCounter &+ op.immediate)
    case .branchConditional: return branch(op, when: conditionPassed(op.third))
    case .branchIfEqual: return branch(op, when: zero != op.invertsCondition)
    case .branchIfCarry: return branch(op, when: carry != op.invertsCondition)
    case .branchIfNegative: return branch(op, when: negative != op.invertsCondition)
    case .branchIfOverflow: return branch(op, when: overflow != op.invertsCondition)
    case .branchIfHigher: return branch(op, when: (carry && !zero) != op.invertsCondition)
    case .branchIfNotLess: return branch(op, when: !isLess != op.invertsCondition)
    case .branchIfGreater: return branch(op, when: (!zero && !isLess) != op.invertsCondition)
    case .branchWithLink:
      registers[14] = programCounter | 1
      return branch(to: op.programCounter &+ op.immediate)
    case .branchExchange: return try branchExchange(op, to: op.secondValue)
    case .branchLinkExchange:
      let target = op.secondValue
      registers[14] = programCounter | 1
      return branchToState(target)
    case .compareBranchZero: return branch(op, when: op.firstValue == 0)
    case .compareBranchNonZero: return branch(op, when: op.firstValue != 0)
    case .tableBranchByte, .tableBranchHalfword: return try tableBranch(op)

    // Loads and stores
    case .loadWordImmediate: return try load(op, .word, from: op.firstValue &+ op.immediate)
    case .loadHalfwordImmediate: return try load(op, .halfword, from: op.firstValue &+ op.immediate)
    case .loadByteImmediate: return try load(op, .byte, from: op.firstValue &+ op.immediate)
    case .loadSignedHalfwordImmediate:
      return try load(op, .halfword, signed: true, from: op.firstValue &+ op.immediate)
    case .loadSignedByteImmediate: return try load(op, .byte, signed: true, from: op.firstValue &+ op.immediate)
    case .storeWordImmediate: return try store(op, .word, to: op.firstValue &+ op.immediate)
    case .storeHalfwordImmediate: return try store(op, .halfword, to: op.firstValue &+ op.immediate)
    case .storeByteImmediate: return try store(op, .byte, to: op.firstValue &+ op.immediate)
    case .loadWordLiteral: return try load(op, .word, from: literalAddress(op))
    case .loadHalfwordLiteral: return try load(op, .halfword, from: literalAddress(op))
    case .loadByteLiteral: return try load(op, .byte, from: literalAddress(op))
    case .loadSignedHalfwordLiteral: return try load(op, .halfword, signed: true, from: literalAddress(op))
    case .loadSignedByteLiteral: return try load(op, .byte, signed: true, from: literalAddress(op))
    case .loadWordRegister: return try load(op, .word, from: indexedAddress(op))
    case .loadHalfwordRegister: return try load(op, .halfword, from: indexedAddress(op))
    case .loadByteRegister: return try load(op, .byte, from: indexedAddress(op))
    case .loadSignedHalfwordRegister: return try load(op, .halfword, signed: true, from: indexedAddress(op))
    case .loadSignedByteRegister: return try load(op, .byte, signed: true, from: indexedAddress(op))
    case .storeWordRegister: return try store(op, .word, to: indexedAddress(op))
    case .storeHalfwordRegister: return try store(op, .halfword, to: indexedAddress(op))
    case .storeByteRegister: return try store(op, .byte, to: indexedAddress(op))
    case .loadWordIndexed: return try load(op, .word, from: accessAddress(op), writesBack: true)
    case .loadHalfwordIndexed: return try load(op, .halfword, from: accessAddress(op), writesBack: true)
    case .loadByteIndexed: return try load(op, .byte, from: accessAddress(op), writesBack: true)
    case .loadSignedHalfwordIndexed:
      return try load(op, .halfword, signed: true, from: accessAddress(op), writesBack: true)
    case .loadSignedByteIndexed: return try load(op, .byte, signed: true, from: accessAddress(op), writesBack: true)
    case .storeWordIndexed: return try store(op, .word, to: accessAddress(op), writesBack: true)
    case .storeHalfwordIndexed: return try store(op, .halfword, to: accessAddress(op), writesBack: true)
    case .storeByteIndexed: return try store(op, .byte, to: accessAddress(op), writesBack: true)
    case .push: return try storeMultiple(op, stackPointerBefore(op))
    case .pop: return try loadMultiple(op, registers[13])
    case .loadMultiple: return try loadMultiple(op, op.firstValue)
    case .storeMultiple: return try storeMultiple(op, op.firstValue)

    // What blocks consist of besides
    case .skipUnlessEqual: skip(&op, when: zero == op.invertsCondition)
    case .skipUnlessCarry: skip(&op, when: carry == op.invertsCondition)
    case .skipUnlessNegative: skip(&op, when: negative == op.invertsCondition)
    case .skipUnlessOverflow: skip(&op, when: overflow == op.invertsCondition)
    case .skipUnlessHigher: skip(&op, when: (carry && !zero) == op.invertsCondition)
    case .skipUnlessNotLess: skip(&op, when: !isLess == op.invertsCondition)
    case .skipUnlessGreater: skip(&op, when: (!zero && !isLess) == op.invertsCondition)
    case .selectIfEqual: select(op, when: zero != op.invertsCondition)
    case .selectIfCarry: select(op, when: carry != op.invertsCondition)
    case .selectIfNegative: select(op, when: negative != op.invertsCondition)
    case .selectIfOverflow: select(op, when: overflow != op.invertsCondition)
    case .selectIfHigher: select(op, when: (carry && !zero) != op.invertsCondition)
    case .selectIfNotLess: select(op, when: !isLess != op.invertsCondition)
    case .selectIfGreater: select(op, when: (!zero && !isLess) != op.invertsCondition)
    case .showProgramCounter: registers[15] = op.programCounter
    case .endlessLoop: return skipEndlessLoop()
    case .endOfBlock: return false

    case .ifThen: ifThenState = op.immediate
    case .noOperation: break
    default:
      registers[15] = op.programCounter
      try executeSystem(op)
      return isInBlock
    }
    return true
  }
}
