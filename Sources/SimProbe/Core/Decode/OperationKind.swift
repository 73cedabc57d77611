/// What an instruction does, by chapter A7 of the ARMv7-M manual; encodings of one instruction share a kind.
enum OperationKind: UInt8 {
  // Data processing with an immediate.
  case andImmediate, bitClearImmediate, orImmediate, orNotImmediate, exclusiveOrImmediate
  case moveImmediate, moveNotImmediate, testImmediate, testEqualImmediate
  case addImmediate, addCarryImmediate, subtractImmediate, subtractCarryImmediate, reverseSubtractImmediate
  case compareImmediate, compareNegativeImmediate
  case addressRelative
  case moveTop

  // Data processing with a plain register.
  case andRegister, bitClearRegister, orRegister, exclusiveOrRegister
  case moveRegister, moveNotRegister, testRegister
  case addRegister, addCarryRegister, subtractRegister, subtractCarryRegister
  case compareRegister, compareNegativeRegister
  case moveToProgramCounter, addToProgramCounter

  // Data processing with a shifted register.
  case andShifted, bitClearShifted, orShifted, orNotShifted, exclusiveOrShifted
  case moveShifted, moveShiftedLeft, moveShiftedRight, moveNotShifted, testShifted, testEqualShifted
  case addShifted, addCarryShifted, subtractShifted, subtractCarryShifted, reverseSubtractShifted
  case compareShifted, compareNegativeShifted
  /// A shift by the bottom byte of the second register.
  case shiftByRegister

  // Multiplication and division; the third register is Ra or RdHi.
  case multiply, multiplyAdd, multiplySubtract
  case signedMultiplyLong, unsignedMultiplyLong, signedMultiplyAddLong, unsignedMultiplyAddLong
  case signedDivide, unsignedDivide

  // Bit fields (`third` is the width less one or the last bit), saturation (`third`), packing and reversal.
  case signedBitField, unsignedBitField, bitFieldInsert, bitFieldClear
  case signedSaturate, unsignedSaturate
  case signExtendByte, signExtendHalfword, zeroExtendByte, zeroExtendHalfword
  case reverseBytes, reverseHalfwordBytes, reverseSignedHalfword, reverseBits, countLeadingZeros

  // Branches; `third` is a condition.
  case branch, branchConditional, branchWithLink, branchExchange, branchLinkExchange
  case compareBranchZero, compareBranchNonZero
  case tableBranchByte, tableBranchHalfword

  // Loads and stores at Rn plus the signed immediate.
  case loadWordImmediate, loadHalfwordImmediate, loadByteImmediate
  case loadSignedHalfwordImmediate, loadSignedByteImmediate
  case storeWordImmediate, storeHalfwordImmediate, storeByteImmediate
  /// A load from the word-aligned program counter plus the immediate.
  case loadWordLiteral, loadHalfwordLiteral, loadByteLiteral, loadSignedHalfwordLiteral, loadSignedByteLiteral

  // Loads and stores at Rn plus Rm shifted left by the immediate.
  case loadWordRegister, loadHalfwordRegister, loadByteRegister
  case loadSignedHalfwordRegister, loadSignedByteRegister
  case storeWordRegister, storeHalfwordRegister, storeByteRegister

  // Loads and stores that write the base back, before or after the access.
  case loadWordIndexed, loadHalfwordIndexed, loadByteIndexed, loadSignedHalfwordIndexed, loadSignedByteIndexed
  case storeWordIndexed, storeHalfwordIndexed, storeByteIndexed

  // Loads and stores with the rights of unprivileged code.
  case loadWordUnprivileged, loadHalfwordUnprivileged, loadByteUnprivileged
  case loadSignedHalfwordUnprivileged, loadSignedByteUnprivileged
  case storeWordUnprivileged, storeHalfwordUnprivileged, storeByteUnprivileged

  // Several registers; the immediate is the mask of registers.
  case loadMultiple, loadMultipleBefore, storeMultiple, storeMultipleBefore, push, pop
  case loadDual, loadDualLiteral, storeDual

  // Exclusive access; `third` is the status register.
  case loadExclusive, loadExclusiveByte, loadExclusiveHalfword
  case storeExclusive, storeExclusiveByte, storeExclusiveHalfword, clearExclusive

  // System; what is no instruction, and what is one for a coprocessor that is not there.
  case undefined, coprocessor
  case ifThen, noOperation, waitForEvent, waitForInterrupt, sendEvent
  case changeProcessorState, readSpecialRegister, writeSpecialRegister
  case supervisorCall, breakpoint, barrier

  // What blocks hold besides instructions.
  /// Conditional branches, in the order of the architecture's conditions; bit 0 of `third` inverts the condition.
  case branchIfEqual, branchIfCarry, branchIfNegative, branchIfOverflow, branchIfHigher, branchIfNotLess
  case branchIfGreater
  /// Go past the next `immediate` operations, which takes `cycles` less, unless such a condition holds.
  case skipUnlessEqual, skipUnlessCarry, skipUnlessNegative, skipUnlessOverflow, skipUnlessHigher, skipUnlessNotLess
  case skipUnlessGreater
  /// Let the next operation write the register that bits 7:0 of `immediate` name if such a condition holds, else that of
  /// bits 15:8.
  case selectIfEqual, selectIfCarry, selectIfNegative, selectIfOverflow, selectIfHigher, selectIfNotLess
  case selectIfGreater
  /// Puts the program counter into R15 for the next operation, which reads it as any register.
  case showProgramCounter
  /// A branch to itself.
  case endlessLoop
  /// Behind the last operation of a block that does not end in a branch.
  case endOfBlock

  // ARMv7E-M.
  case packHalfwords
  case signExtendAddByte, signExtendAddHalfword, zeroExtendAddByte, zeroExtendAddHalfword
  case signExtendBytePair, zeroExtendBytePair, signExtendAddBytePair, zeroExtendAddBytePair
  case signedSaturatePair, unsignedSaturatePair
  case saturatingAdd, saturatingDoubleAdd, saturatingSubtract, saturatingDoubleSubtract
  case selectBytes
  /// Parallel addition and subtraction; `third` is the prefix: 0 S, 1 Q, 2 SH, 4 U, 5 UQ, 6 UH.
  case parallelAddHalfwords, parallelSubtractHalfwords, parallelAddExchange, parallelSubtractExchange
  case parallelAddBytes, parallelSubtractBytes
  /// `immediate` bit 1 selects the top half of Rn, bit 0 that of Rm.
  case multiplyHalves, multiplyAddHalves, multiplyAddLongHalves
  /// `immediate` bit 0 selects the top half of Rm.
  case multiplyWordHalf, multiplyAddWordHalf
  /// `immediate` bit 0 exchanges Rm's halves.
  case dualMultiplyAdd, dualMultiplySubtract, dualMultiplyAddAccumulate, dualMultiplySubtractAccumulate
  case dualMultiplyAddLong, dualMultiplySubtractLong
  /// `immediate` bit 0 rounds.
  case multiplyMostSignificant, multiplyAddMostSignificant, multiplySubtractMostSignificant
  case unsignedMultiplyAccumulateAccumulateLong
  case sumOfDifferences, sumOfDifferencesAccumulate

  // Single-precision floating point.
  case floatLoad, floatStore, floatLoadMultiple, floatStoreMultiple
  case floatLoadDouble, floatStoreDouble
  case floatFromCore, floatToCore, floatPairFromCore, floatPairToCore
  case floatStatusRead, floatStatusWrite
  case floatMoveImmediate, floatMove, floatAbsolute, floatNegate, floatSquareRoot
  case floatAdd, floatSubtract, floatMultiply, floatNegateMultiply, floatDivide
  case floatMultiplyAdd, floatMultiplySubtract, floatNegateMultiplyAdd, floatNegateMultiplySubtract
  case floatFusedAdd, floatFusedSubtract, floatFusedNegateAdd, floatFusedNegateSubtract
  case floatCompare, floatCompareZero
  case floatFromHalf, floatToHalf
  case floatFromInteger, floatToInteger
  case floatFromFixed, floatToFixed
}
