/// The instructions that make up most of any program; the rarer ones follow in `executeSystem`, `executeDSP` and
/// `executeFloat`.
extension CortexCore {
  @inline(__always)
  func execute(_ op: inout DecodedOperation) throws(CoreFault) {
    switch op.kind {
    // Data processing with an immediate
    case .andImmediate: logicalImmediate(op, registers[op.first] & op.immediate)
    case .bitClearImmediate: logicalImmediate(op, registers[op.first] & ~op.immediate)
    case .orImmediate: logicalImmediate(op, registers[op.first] | op.immediate)
    case .orNotImmediate: logicalImmediate(op, registers[op.first] | ~op.immediate)
    case .exclusiveOrImmediate: logicalImmediate(op, registers[op.first] ^ op.immediate)
    case .moveImmediate: logicalImmediate(op, op.immediate)
    case .moveNotImmediate: logicalImmediate(op, ~op.immediate)
    case .testImmediate: testImmediate(op, registers[op.first] & op.immediate)
    case .testEqualImmediate: testImmediate(op, registers[op.first] ^ op.immediate)
    case .addImmediate: add(op, registers[op.first], op.immediate)
    case .addCarryImmediate: addWithCarry(op, registers[op.first], op.immediate)
    case .subtractImmediate: subtract(op, registers[op.first], op.immediate)
    case .subtractCarryImmediate: addWithCarry(op, registers[op.first], ~op.immediate)
    case .reverseSubtractImmediate: subtract(op, op.immediate, registers[op.first])
    case .compareImmediate: compare(registers[op.first], op.immediate)
    case .compareNegativeImmediate: compareNegative(registers[op.first], op.immediate)
    case .addressRelative: registers[op.destination] = (registers[15] & ~3) &+ op.immediate
    case .moveTop: registers[op.destination] = registers[op.destination] & 0xFFFF | op.immediate << 16

    // Data processing with a plain register
    case .andRegister: logical(op, registers[op.first] & registers[op.second])
    case .bitClearRegister: logical(op, registers[op.first] & ~registers[op.second])
    case .orRegister: logical(op, registers[op.first] | registers[op.second])
    case .exclusiveOrRegister: logical(op, registers[op.first] ^ registers[op.second])
    case .moveRegister: registers[op.destination] = registers[op.second]
    case .moveNotRegister: logical(op, ~registers[op.second])
    case .testRegister: setNegativeZero(registers[op.first] & registers[op.second])
    case .addRegister: add(op, registers[op.first], registers[op.second])
    case .addCarryRegister: addWithCarry(op, registers[op.first], registers[op.second])
    case .subtractRegister: subtract(op, registers[op.first], registers[op.second])
    case .subtractCarryRegister: addWithCarry(op, registers[op.first], ~registers[op.second])
    case .compareRegister: compare(registers[op.first], registers[op.second])
    case .compareNegativeRegister: compareNegative(registers[op.first], registers[op.second])
    case .moveToProgramCounter: branch(to: registers[op.second])
    case .addToProgramCounter: branch(to: registers[15] &+ registers[op.second])

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
    case .addShifted: add(op, registers[op.first], shifted(op))
    case .addCarryShifted: addWithCarry(op, registers[op.first], shifted(op))
    case .subtractShifted: subtract(op, registers[op.first], shifted(op))
    case .subtractCarryShifted: addWithCarry(op, registers[op.first], ~shifted(op))
    case .reverseSubtractShifted: subtract(op, shifted(op), registers[op.first])
    case .compareShifted: compare(registers[op.first], shifted(op))
    case .compareNegativeShifted: compareNegative(registers[op.first], shifted(op))
    case .shiftByRegister: shiftByRegister(op)

    // Multiplication and division
    case .multiply: logical(op, registers[op.first] &* registers[op.second])
    case .multiplyAdd:
      registers[op.destination] = registers[op.third] &+ registers[op.first] &* registers[op.second]
    case .multiplySubtract:
      registers[op.destination] = registers[op.third] &- registers[op.first] &* registers[op.second]
    case .signedMultiplyLong: signedMultiplyLong(op, accumulate: false)
    case .unsignedMultiplyLong: unsignedMultiplyLong(op, accumulate: false)
    case .signedMultiplyAddLong: signedMultiplyLong(op, accumulate: true)
    case .unsignedMultiplyAddLong: unsignedMultiplyLong(op, accumulate: true)
    case .signedDivide: try signedDivide(op)
    case .unsignedDivide: try unsignedDivide(op)

    // Bit fields, extension, reversal
    case .signedBitField, .unsignedBitField: try extractBitField(op)
    case .bitFieldInsert: try insertBitField(op, registers[op.first])
    case .bitFieldClear: try insertBitField(op, 0)
    case .signExtendByte:
      registers[op.destination] = UInt32(bitPattern: Int32(Int8(truncatingIfNeeded: rotatedSecond(op))))
    case .signExtendHalfword:
      registers[op.destination] = UInt32(bitPattern: Int32(Int16(truncatingIfNeeded: rotatedSecond(op))))
    case .zeroExtendByte: registers[op.destination] = rotatedSecond(op) & 0xFF
    case .zeroExtendHalfword: registers[op.destination] = rotatedSecond(op) & 0xFFFF
    case .reverseBytes: registers[op.destination] = registers[op.second].byteSwapped
    case .reverseHalfwordBytes: registers[op.destination] = rotate(registers[op.second].byteSwapped, 16)
    case .reverseSignedHalfword:
      let swapped = Int16(truncatingIfNeeded: registers[op.second]).byteSwapped
      registers[op.destination] = UInt32(bitPattern: Int32(swapped))
    case .reverseBits: registers[op.destination] = reverseBits(registers[op.second])
    case .countLeadingZeros: registers[op.destination] = UInt32(registers[op.second].leadingZeroBitCount)

    // Branches
    case .branch: branch(to: registers[15] &+ op.immediate)
    case .branchConditional: if conditionPassed(op.third) { branch(to: registers[15] &+ op.immediate) }
    case .branchWithLink:
      registers[14] = programCounter | 1
      branch(to: registers[15] &+ op.immediate)
    case .branchExchange: try branchExchange(to: registers[op.second])
    case .branchLinkExchange:
      let target = registers[op.second]
      registers[14] = programCounter | 1
      branchToState(target)
    case .compareBranchZero: if registers[op.first] == 0 { branch(to: registers[15] &+ op.immediate) }
    case .compareBranchNonZero: if registers[op.first] != 0 { branch(to: registers[15] &+ op.immediate) }
    case .tableBranchByte:
      branch(to: registers[15] &+ 2 &* (try load8(registers[op.first] &+ registers[op.second])))
    case .tableBranchHalfword:
      branch(to: registers[15] &+ 2 &* (try load16(registers[op.first] &+ registers[op.second] << 1)))

    // Loads and stores
    case .loadWordImmediate: try finishWordLoad(op, try load32(registers[op.first] &+ op.immediate))
    case .loadHalfwordImmediate: registers[op.destination] = try load16(registers[op.first] &+ op.immediate)
    case .loadByteImmediate: registers[op.destination] = try load8(registers[op.first] &+ op.immediate)
    case .loadSignedHalfwordImmediate:
      registers[op.destination] = signExtend16(try load16(registers[op.first] &+ op.immediate))
    case .loadSignedByteImmediate:
      registers[op.destination] = signExtend8(try load8(registers[op.first] &+ op.immediate))
    case .storeWordImmediate: try store32(registers[op.first] &+ op.immediate, registers[op.destination])
    case .storeHalfwordImmediate: try store16(registers[op.first] &+ op.immediate, registers[op.destination])
    case .storeByteImmediate: try store8(registers[op.first] &+ op.immediate, registers[op.destination])
    case .loadWordLiteral: try finishWordLoad(op, try load32(literalAddress(op)))
    case .loadHalfwordLiteral: registers[op.destination] = try load16(literalAddress(op))
    case .loadByteLiteral: registers[op.destination] = try load8(literalAddress(op))
    case .loadSignedHalfwordLiteral: registers[op.destination] = signExtend16(try load16(literalAddress(op)))
    case .loadSignedByteLiteral: registers[op.destination] = signExtend8(try load8(literalAddress(op)))
    case .loadWordRegister: try finishWordLoad(op, try load32(indexedAddress(op)))
    case .loadHalfwordRegister: registers[op.destination] = try load16(indexedAddress(op))
    case .loadByteRegister: registers[op.destination] = try load8(indexedAddress(op))
    case .loadSignedHalfwordRegister: registers[op.destination] = signExtend16(try load16(indexedAddress(op)))
    case .loadSignedByteRegister: registers[op.destination] = signExtend8(try load8(indexedAddress(op)))
    case .storeWordRegister: try store32(indexedAddress(op), registers[op.destination])
    case .storeHalfwordRegister: try store16(indexedAddress(op), registers[op.destination])
    case .storeByteRegister: try store8(indexedAddress(op), registers[op.destination])
    case .loadWordIndexed:
      let value = try load32(accessAddress(op))
      registers[op.first] = registers[op.first] &+ op.immediate
      try finishWordLoad(op, value)
    case .loadHalfwordIndexed: writeBack(op, loaded: try load16(accessAddress(op)))
    case .loadByteIndexed: writeBack(op, loaded: try load8(accessAddress(op)))
    case .loadSignedHalfwordIndexed: writeBack(op, loaded: signExtend16(try load16(accessAddress(op))))
    case .loadSignedByteIndexed: writeBack(op, loaded: signExtend8(try load8(accessAddress(op))))
    case .storeWordIndexed:
      try store32(accessAddress(op), registers[op.destination])
      registers[op.first] = registers[op.first] &+ op.immediate
    case .storeHalfwordIndexed:
      try store16(accessAddress(op), registers[op.destination])
      registers[op.first] = registers[op.first] &+ op.immediate
    case .storeByteIndexed:
      try store8(accessAddress(op), registers[op.destination])
      registers[op.first] = registers[op.first] &+ op.immediate
    case .push: try storeMultiple(op, stackPointerBefore(op))
    case .pop: try loadMultiple(op, registers[13])
    case .loadMultiple: try loadMultiple(op, registers[op.first])
    case .storeMultiple: try storeMultiple(op, registers[op.first])

    case .ifThen: ifThenState = op.immediate
    case .noOperation, .ifThenInBlock: break
    case .skipUnless:
      if !conditionPassed(op.third) {
        cycles &-= UInt64(op.cycles)
        op.advance()
      }
    default: try executeSystem(op)
    }
  }
}
