/// Integer arithmetic and flags, named as the architecture's pseudo-code (ARMv7-M, A2.2 and A7.4).
extension CortexCore {
  @inline(__always)
  func setNegativeZero(_ result: UInt32) {
    negative = result >> 31 != 0
    zero = result == 0
  }

  // MARK: Logical operations

  @inline(__always)
  func logical(_ op: DecodedOperation, _ result: UInt32) {
    registers[op.destination] = result
    if op.options.contains(.setsFlags) { setNegativeZero(result) }
  }

  @inline(__always)
  func logicalImmediate(_ op: DecodedOperation, _ result: UInt32) {
    registers[op.destination] = result
    if op.options.contains(.setsFlags) { testImmediate(op, result) }
  }

  @inline(__always)
  func testImmediate(_ op: DecodedOperation, _ result: UInt32) {
    setNegativeZero(result)
    if op.options.contains(.carriesTopBit) { carry = op.immediate >> 31 != 0 }
  }

  @inline(__always)
  func logicalShifted(_ op: DecodedOperation, _ combine: (UInt32, UInt32) -> UInt32) {
    let (operand, carryOut) = shiftWithCarry(registers[op.second], op.shift, op.immediate)
    let result = combine(registers[op.first], operand)
    registers[op.destination] = result
    if op.options.contains(.setsFlags) {
      setNegativeZero(result)
      carry = carryOut
    }
  }

  /// LSL by 1 to 31.
  @inline(__always)
  func moveShiftedLeft(_ op: DecodedOperation) {
    let value = registers[op.second]
    let result = value &<< op.immediate
    registers[op.destination] = result
    if op.options.contains(.setsFlags) {
      setNegativeZero(result)
      carry = value &>> (32 &- op.immediate) & 1 != 0
    }
  }

  /// LSR by 1 to 31.
  @inline(__always)
  func moveShiftedRight(_ op: DecodedOperation) {
    let value = registers[op.second]
    let result = value &>> op.immediate
    registers[op.destination] = result
    if op.options.contains(.setsFlags) {
      setNegativeZero(result)
      carry = value &>> (op.immediate &- 1) & 1 != 0
    }
  }

  @inline(__always)
  func testShifted(_ op: DecodedOperation, _ combine: (UInt32, UInt32) -> UInt32) {
    let (operand, carryOut) = shiftWithCarry(registers[op.second], op.shift, op.immediate)
    setNegativeZero(combine(registers[op.first], operand))
    carry = carryOut
  }

  // MARK: Addition

  @inline(__always)
  func add(_ op: DecodedOperation, _ x: UInt32, _ y: UInt32) {
    let (result, carryOut) = x.addingReportingOverflow(y)
    registers[op.destination] = result
    if op.options.contains(.setsFlags) {
      setNegativeZero(result)
      carry = carryOut
      overflow = ((x ^ result) & (y ^ result)) >> 31 != 0
    }
  }

  @inline(__always)
  func subtract(_ op: DecodedOperation, _ x: UInt32, _ y: UInt32) {
    registers[op.destination] = x &- y
    if op.options.contains(.setsFlags) { compare(x, y) }
  }

  @inline(__always)
  func compare(_ x: UInt32, _ y: UInt32) {
    let result = x &- y
    setNegativeZero(result)
    carry = x >= y
    overflow = ((x ^ y) & (x ^ result)) >> 31 != 0
  }

  @inline(__always)
  func compareNegative(_ x: UInt32, _ y: UInt32) {
    let (result, carryOut) = x.addingReportingOverflow(y)
    setNegativeZero(result)
    carry = carryOut
    overflow = ((x ^ result) & (y ^ result)) >> 31 != 0
  }

  /// AddWithCarry with the carry flag as carry in; a subtraction passes its second operand inverted.
  @inline(__always)
  func addWithCarry(_ op: DecodedOperation, _ x: UInt32, _ y: UInt32) {
    let sum = UInt64(x) + UInt64(y) + (carry ? 1 : 0)
    let result = UInt32(truncatingIfNeeded: sum)
    registers[op.destination] = result
    if op.options.contains(.setsFlags) {
      setNegativeZero(result)
      carry = sum >> 32 != 0
      overflow = ((x ^ result) & (y ^ result)) >> 31 != 0
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
    }
  }

  /// The second operand after its immediate shift, for operations that ignore the shift's carry.
  @inline(__always)
  func shifted(_ op: DecodedOperation) -> UInt32 {
    shiftWithCarry(registers[op.second], op.shift, op.immediate).result
  }

  @inline(__always)
  func rotate(_ value: UInt32, _ amount: UInt32) -> UInt32 {
    value &>> amount | value &<< (32 &- amount)
  }

  /// LSL, LSR, ASR and ROR by the bottom byte of a register; by 0 they keep the carry.
  @inline(__always)
  func shiftByRegister(_ op: DecodedOperation) {
    let value = registers[op.first]
    let amount = registers[op.second] & 0xFF
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
    case .rotate, .rotateWithExtend:
      result = rotate(value, amount & 31)
      if amount > 0 { carryOut = result >> 31 != 0 }
    }
    registers[op.destination] = result
    if op.options.contains(.setsFlags) {
      setNegativeZero(result)
      carry = carryOut
    }
  }

  /// The second operand rotated right by the immediate, for the extensions.
  @inline(__always)
  func rotatedSecond(_ op: DecodedOperation) -> UInt32 { rotate(registers[op.second], op.immediate) }

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
    registers[op.destination] = UInt32(truncatingIfNeeded: value)
    registers[op.third] = UInt32(truncatingIfNeeded: value >> 32)
  }

  /// RdHi and RdLo as one number.
  @inline(__always)
  func long(_ op: DecodedOperation) -> UInt64 {
    UInt64(registers[op.third]) << 32 | UInt64(registers[op.destination])
  }

  @inline(__always)
  func signedMultiplyLong(_ op: DecodedOperation, accumulate: Bool) {
    let product = Int64(Int32(bitPattern: registers[op.first])) * Int64(Int32(bitPattern: registers[op.second]))
    setLong(op, UInt64(bitPattern: product) &+ (accumulate ? long(op) : 0))
  }

  @inline(__always)
  func unsignedMultiplyLong(_ op: DecodedOperation, accumulate: Bool) {
    let product = UInt64(registers[op.first]) * UInt64(registers[op.second])
    setLong(op, product &+ (accumulate ? long(op) : 0))
  }

  func signedDivide(_ op: DecodedOperation) throws(CoreFault) {
    let dividend = Int32(bitPattern: registers[op.first])
    let divisor = Int32(bitPattern: registers[op.second])
    guard divisor != 0 else { return try divideByZero(op) }
    chargeDivision(dividend.magnitude, divisor.magnitude)
    // -2^31 / -1 gives -2^31.
    registers[op.destination] = UInt32(bitPattern: dividend.dividedReportingOverflow(by: divisor).partialValue)
  }

  func unsignedDivide(_ op: DecodedOperation) throws(CoreFault) {
    let divisor = registers[op.second]
    guard divisor != 0 else { return try divideByZero(op) }
    chargeDivision(registers[op.first], divisor)
    registers[op.destination] = registers[op.first] / divisor
  }

  private func divideByZero(_ op: DecodedOperation) throws(CoreFault) {
    if system.configuration.contains(.trapDivideByZero) { throw .usage(.divideByZero) }
    registers[op.destination] = 0
  }

  /// Division ends early: four bits of the quotient a cycle, 2 to 12 cycles in all.
  private func chargeDivision(_ dividend: UInt32, _ divisor: UInt32) {
    let bits = max(0, divisor.leadingZeroBitCount - dividend.leadingZeroBitCount)
    cycles &+= UInt64(bits / 4)
  }

  // MARK: Bit fields

  /// SBFX and UBFX; a field that reaches past bit 31 is undefined here (unpredictable in the architecture).
  func extractBitField(_ op: DecodedOperation) throws(CoreFault) {
    let lowest = op.immediate
    let width = UInt32(op.third) + 1
    guard lowest + width <= 32 else { throw .usage(.undefinedInstruction) }
    let aligned = registers[op.first] << (32 - lowest - width)
    registers[op.destination] =
      op.kind == .signedBitField
      ? UInt32(bitPattern: Int32(bitPattern: aligned) >> Int32(32 - width)) : aligned >> (32 - width)
  }

  /// BFI and BFC; a field that ends before it begins is undefined here (unpredictable in the architecture).
  func insertBitField(_ op: DecodedOperation, _ value: UInt32) throws(CoreFault) {
    let lowest = op.immediate
    let highest = UInt32(op.third)
    guard highest >= lowest else { throw .usage(.undefinedInstruction) }
    let mask = (UInt32.max >> (31 - (highest - lowest))) << lowest
    registers[op.destination] = registers[op.destination] & ~mask | value << lowest & mask
  }
}
