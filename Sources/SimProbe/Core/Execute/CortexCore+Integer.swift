/// Integer arithmetic and flags, named as the architecture's pseudo-code (ARMv7-M, A2.2 and A7.4).
extension CortexCore {
  @inline(__always)
  func setNegativeZero(_ result: UInt32) {
    negativeWord = result
    zeroWord = result
  }

  // MARK: Logical operations

  @inline(__always)
  func logical(_ op: DecodedOperation, _ result: UInt32) {
    op.destinationValue = result
    if op.options.contains(.setsFlags) { setNegativeZero(result) }
  }

  @inline(__always)
  func logicalImmediate(_ op: DecodedOperation, _ result: UInt32) {
    op.destinationValue = result
    if op.options.contains(.setsFlags) { testImmediate(op, result) }
  }

  @inline(__always)
  func testImmediate(_ op: DecodedOperation, _ result: UInt32) {
    setNegativeZero(result)
    if op.options.contains(.carriesTopBit) { carry = op.immediate >> 31 != 0 }
  }

  @inline(__always)
  func logicalShifted(_ op: DecodedOperation, _ combine: (UInt32, UInt32) -> UInt32) {
    guard op.shift != .rotateAndMask else {
      op.destinationValue = combine(op.firstValue, rotatedAndMasked(op))
      return
    }
    let (operand, carryOut) = shiftWithCarry(op)
    let result = combine(op.firstValue, operand)
    op.destinationValue = result
    if op.options.contains(.setsFlags) {
      setNegativeZero(result)
      carry = carryOut
    }
  }

  /// LSL by 1 to 31.
  @inline(__always)
  func moveShiftedLeft(_ op: DecodedOperation) {
    let value = op.secondValue
    let result = value &<< op.immediate
    op.destinationValue = result
    if op.options.contains(.setsFlags) {
      setNegativeZero(result)
      carry = value &>> (32 &- op.immediate) & 1 != 0
    }
  }

  /// LSR by 1 to 31.
  @inline(__always)
  func moveShiftedRight(_ op: DecodedOperation) {
    let value = op.secondValue
    let result = value &>> op.immediate
    op.destinationValue = result
    if op.options.contains(.setsFlags) {
      setNegativeZero(result)
      carry = value &>> (op.immediate &- 1) & 1 != 0
    }
  }

  @inline(__always)
  func testShifted(_ op: DecodedOperation, _ combine: (UInt32, UInt32) -> UInt32) {
    let (operand, carryOut) = shiftWithCarry(op)
    setNegativeZero(combine(op.firstValue, operand))
    carry = carryOut
  }

  // MARK: Addition

  @inline(__always)
  func add(_ op: DecodedOperation, _ x: UInt32, _ y: UInt32) {
    let (result, carryOut) = x.addingReportingOverflow(y)
    op.destinationValue = result
    if op.options.contains(.setsFlags) {
      setNegativeZero(result)
      carry = carryOut
      overflowWord = (x ^ result) & (y ^ result)
    }
  }

  @inline(__always)
  func subtract(_ op: DecodedOperation, _ x: UInt32, _ y: UInt32) {
    op.destinationValue = x &- y
    if op.options.contains(.setsFlags) { compare(x, y) }
  }

  @inline(__always)
  func compare(_ x: UInt32, _ y: UInt32) {
    let result = x &- y
    setNegativeZero(result)
    carry = x >= y
    overflowWord = (x ^ y) & (x ^ result)
  }

  @inline(__always)
  func compareNegative(_ x: UInt32, _ y: UInt32) {
    let (result, carryOut) = x.addingReportingOverflow(y)
    setNegativeZero(result)
    carry = carryOut
    overflowWord = (x ^ result) & (y ^ result)
  }

  /// AddWithCarry with the carry flag as carry in; a subtraction passes its second operand inverted.
  @inline(__always)
  func addWithCarry(_ op: DecodedOperation, _ x: UInt32, _ y: UInt32) {
    let sum = UInt64(x) + UInt64(y) + (carry ? 1 : 0)
    let result = UInt32(truncatingIfNeeded: sum)
    op.destinationValue = result
    if op.options.contains(.setsFlags) {
      setNegativeZero(result)
      carry = sum >> 32 != 0
      overflowWord = (x ^ result) & (y ^ result)
    }
  }

  // MARK: Shifts

  /// Shift_C for an immediate amount: 1 to 31, 0 for a left shift, 32 for right shifts.
  @inline(__always)
  func shiftWithCarry(_ value: UInt32, _ type: ShiftType, _ amount: UInt32) -> (result: UInt32, carry: Bool) {
    switch type {
    case .left:
      guard amount > 0 else { return (value, carry) }
      return (value << amount, value >> (32 - amount) & 1 != 0)
    case .right: return (value >> amount, value >> (amount - 1) & 1 != 0)
    case .arithmeticRight:
      let wide = Int64(Int32(bitPattern: value))
      return (UInt32(truncatingIfNeeded: wide >> Int64(amount)), wide >> Int64(amount - 1) & 1 != 0)
    case .rotate: return (rotate(value, amount), value >> (amount - 1) & 1 != 0)
    case .rotateWithExtend: return (value >> 1 | (carry ? 1 << 31 : 0), value & 1 != 0)
    case .rotateAndMask: return (value, carry)
    }
  }

  /// The second operand after its immediate shift.
  @inline(never)
  private func shiftWithCarry(_ op: DecodedOperation) -> (result: UInt32, carry: Bool) {
    shiftWithCarry(op.secondValue, op.shift, op.immediate)
  }

  @inline(__always)
  private func rotatedAndMasked(_ op: DecodedOperation) -> UInt32 {
    rotate(op.secondValue, UInt32(op.third)) & op.immediate
  }

  /// The second operand after its immediate shift, for operations that ignore the shift's carry.
  @inline(__always)
  func shifted(_ op: DecodedOperation) -> UInt32 {
    op.shift == .rotateAndMask ? rotatedAndMasked(op) : shiftWithCarry(op).result
  }

  @inline(__always)
  func rotate(_ value: UInt32, _ amount: UInt32) -> UInt32 {
    value &>> amount | value &<< (32 &- amount)
  }

  /// LSL, LSR, ASR and ROR by the bottom byte of a register; by 0 they keep the carry.
  @inline(__always)
  func shiftByRegister(_ op: DecodedOperation) {
    let value = op.firstValue
    let amount = op.secondValue & 0xFF
    let result: UInt32
    var carryOut = carry
    switch op.shift {
    case .left:
      result = value << amount
      if amount > 0 { carryOut = amount <= 32 && value >> (32 - amount) & 1 != 0 }
    case .right:
      result = value >> amount
      if amount > 0 { carryOut = value >> (amount - 1) & 1 != 0 }
    case .arithmeticRight:
      result = UInt32(bitPattern: Int32(bitPattern: value) >> Int32(amount))
      if amount > 0 { carryOut = Int32(bitPattern: value) >> Int32(amount - 1) & 1 != 0 }
    case .rotate, .rotateWithExtend, .rotateAndMask:
      result = rotate(value, amount & 31)
      if amount > 0 { carryOut = result >> 31 != 0 }
    }
    op.destinationValue = result
    if op.options.contains(.setsFlags) {
      setNegativeZero(result)
      carry = carryOut
    }
  }

  /// The second operand rotated right by the immediate, for the extensions.
  @inline(__always)
  func rotatedSecond(_ op: DecodedOperation) -> UInt32 { rotate(op.secondValue, op.immediate) }

  @inline(__always)
  func signExtend8(_ value: UInt32) -> UInt32 { UInt32(bitPattern: Int32(Int8(truncatingIfNeeded: value))) }

  @inline(__always)
  func signExtend16(_ value: UInt32) -> UInt32 { UInt32(bitPattern: Int32(Int16(truncatingIfNeeded: value))) }

  func reverseBits(_ value: UInt32) -> UInt32 {
    var bits = value
    bits = bits >> 1 & 0x5555_5555 | (bits & 0x5555_5555) << 1
    bits = bits >> 2 & 0x3333_3333 | (bits & 0x3333_3333) << 2
    bits = bits >> 4 & 0x0F0F_0F0F | (bits & 0x0F0F_0F0F) << 4
    return bits.byteSwapped
  }

  // MARK: Multiplication and division

  /// Puts a 64-bit result into RdLo and RdHi.
  @inline(__always)
  func setLong(_ op: DecodedOperation, _ value: UInt64) {
    op.destinationValue = UInt32(truncatingIfNeeded: value)
    op.thirdValue = UInt32(truncatingIfNeeded: value >> 32)
  }

  /// RdHi and RdLo as one number.
  @inline(__always)
  func long(_ op: DecodedOperation) -> UInt64 {
    UInt64(op.thirdValue) << 32 | UInt64(op.destinationValue)
  }

  @inline(__always)
  func signedMultiplyLong(_ op: DecodedOperation, accumulate: Bool) {
    let product = Int64(Int32(bitPattern: op.firstValue)) * Int64(Int32(bitPattern: op.secondValue))
    setLong(op, UInt64(bitPattern: product) &+ (accumulate ? long(op) : 0))
  }

  @inline(__always)
  func unsignedMultiplyLong(_ op: DecodedOperation, accumulate: Bool) {
    let product = UInt64(op.firstValue) * UInt64(op.secondValue)
    setLong(op, product &+ (accumulate ? long(op) : 0))
  }

  func signedDivide(_ op: DecodedOperation) throws(CoreFault) {
    let dividend = Int32(bitPattern: op.firstValue)
    let divisor = Int32(bitPattern: op.secondValue)
    guard divisor != 0 else { return try divideByZero(op) }
    chargeDivision(dividend.magnitude, divisor.magnitude)
    // -2^31 / -1 gives -2^31.
    op.destinationValue = UInt32(bitPattern: dividend.dividedReportingOverflow(by: divisor).partialValue)
  }

  func unsignedDivide(_ op: DecodedOperation) throws(CoreFault) {
    let divisor = op.secondValue
    guard divisor != 0 else { return try divideByZero(op) }
    chargeDivision(op.firstValue, divisor)
    op.destinationValue = op.firstValue / divisor
  }

  private func divideByZero(_ op: DecodedOperation) throws(CoreFault) {
    registers[15] = op.programCounter
    if system.configuration.contains(.trapDivideByZero) { throw .usage(.divideByZero) }
    op.destinationValue = 0
  }

  /// Division ends early: four bits of the quotient a cycle, 2 to 12 cycles in all.
  private func chargeDivision(_ dividend: UInt32, _ divisor: UInt32) {
    let bits = max(0, divisor.leadingZeroBitCount - dividend.leadingZeroBitCount)
    cycles &+= UInt64(bits / 4)
  }

  // MARK: Bit fields

  /// SBFX and UBFX; a field that reaches past bit 31 is undefined here (unpredictable in the architecture).
  func extractBitField(_ op: DecodedOperation) throws(CoreFault) {
    registers[15] = op.programCounter
    let lowest = op.immediate
    let width = UInt32(op.third) + 1
    guard lowest + width <= 32 else { throw .usage(.undefinedInstruction) }
    let aligned = op.firstValue << (32 - lowest - width)
    op.destinationValue =
      op.kind == .signedBitField
      ? UInt32(bitPattern: Int32(bitPattern: aligned) >> Int32(32 - width)) : aligned >> (32 - width)
  }

  /// BFI and BFC; a field that ends before it begins is undefined here (unpredictable in the architecture).
  func insertBitField(_ op: DecodedOperation, _ value: UInt32) throws(CoreFault) {
    registers[15] = op.programCounter
    let lowest = op.immediate
    let highest = UInt32(op.third)
    guard highest >= lowest else { throw .usage(.undefinedInstruction) }
    let mask = (UInt32.max >> (31 - (highest - lowest))) << lowest
    op.destinationValue = op.destinationValue & ~mask | value << lowest & mask
  }
}
