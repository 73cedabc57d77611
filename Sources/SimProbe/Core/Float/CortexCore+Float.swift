/// The single-precision floating-point instructions (ARMv7-M, chapter A7, "V…").
extension CortexCore {
  @inline(never)
  func executeFloat(_ op: DecodedOperation) throws(CoreFault) {
    try checkFloatingPoint()
    switch op.kind {
    case .floatLoad: floatRegisters[op.destination] = try load32(floatAddress(op))
    case .floatStore: try store32(floatAddress(op), floatRegisters[op.destination])
    case .floatLoadDouble: try loadFloats(op.destination, 2, floatAddress(op))
    case .floatStoreDouble: try storeFloats(op.destination, 2, floatAddress(op))
    case .floatLoadMultiple:
      try transferMultiple(op) { (start) throws(CoreFault) in
        try self.loadFloats(op.destination, op.immediate, start)
      }
    case .floatStoreMultiple:
      try transferMultiple(op) { (start) throws(CoreFault) in
        try self.storeFloats(op.destination, op.immediate, start)
      }

    case .floatFromCore: floatRegisters[op.first] = registers[op.destination]
    case .floatToCore: registers[op.destination] = floatRegisters[op.first]
    case .floatPairFromCore:
      floatRegisters[op.second] = registers[op.destination]
      floatRegisters[op.second + 1] = registers[op.third]
    case .floatPairToCore:
      registers[op.destination] = floatRegisters[op.second]
      registers[op.third] = floatRegisters[op.second + 1]
    case .floatStatusRead: readFloatStatus(op)
    case .floatStatusWrite: floatStatus = registers[op.destination] & Self.floatStatusMask

    case .floatMoveImmediate: floatRegisters[op.destination] = op.immediate
    case .floatMove: floatRegisters[op.destination] = floatRegisters[op.second]
    case .floatAbsolute: floatRegisters[op.destination] = floatRegisters[op.second] & 0x7FFF_FFFF
    case .floatNegate: floatRegisters[op.destination] = FloatArithmetic.negate(floatRegisters[op.second])
    default: try executeFloatArithmetic(op)
    }
  }

  /// VMRS; into R15 it copies the flags.
  private func readFloatStatus(_ op: DecodedOperation) {
    if op.destination == 15 {
      applicationStatus = applicationStatus & 0x0FFF_FFFF | floatStatus & 0xF000_0000
    } else {
      registers[op.destination] = floatStatus
    }
  }

  // MARK: Loads and stores

  private func floatAddress(_ op: DecodedOperation) -> UInt32 {
    (op.first == 15 ? registers[15] & ~3 : registers[op.first]) &+ op.immediate
  }

  private func loadFloats(_ first: UInt8, _ count: UInt32, _ start: UInt32) throws(CoreFault) {
    try requireAlignment(start)
    for index in 0..<min(count, 32 - UInt32(first)) {
      floatRegisters[Int(first) + Int(index)] = try load32(start &+ index * 4, continues: index > 0)
    }
  }

  private func storeFloats(_ first: UInt8, _ count: UInt32, _ start: UInt32) throws(CoreFault) {
    try requireAlignment(start)
    for index in 0..<min(count, 32 - UInt32(first)) {
      try store32(start &+ index * 4, floatRegisters[Int(first) + Int(index)], continues: index > 0)
    }
  }

  /// VLDM and VSTM: rising from the base, or from below it (`indexed`).
  private func transferMultiple(_ op: DecodedOperation, _ transfer: (UInt32) throws(CoreFault) -> Void)
    throws(CoreFault)
  {
    let length = (op.immediate + (op.options.contains(.variant) ? 1 : 0)) * 4
    let base = op.first == 15 ? registers[15] & ~3 : registers[op.first]
    let isBefore = op.options.contains(.indexed)
    try transfer(isBefore ? base &- length : base)
    if op.options.contains(.writesBack) { registers[op.first] = isBefore ? base &- length : base &+ length }
  }

  // MARK: Arithmetic

  private func executeFloatArithmetic(_ op: DecodedOperation) throws(CoreFault) {
    var unit = FloatArithmetic(status: floatStatus)
    let d = floatRegisters[op.destination]
    let n = floatRegisters[op.first]
    let m = floatRegisters[op.second]
    switch op.kind {
    case .floatAdd: floatRegisters[op.destination] = unit.add(n, m)
    case .floatSubtract: floatRegisters[op.destination] = unit.add(n, m, negatingSecond: true)
    case .floatMultiply: floatRegisters[op.destination] = unit.multiply(n, m)
    case .floatNegateMultiply: floatRegisters[op.destination] = FloatArithmetic.negate(unit.multiply(n, m))
    case .floatDivide: floatRegisters[op.destination] = unit.divide(n, m)
    case .floatSquareRoot: floatRegisters[op.destination] = unit.squareRoot(m)
    case .floatMultiplyAdd: floatRegisters[op.destination] = unit.add(d, unit.multiply(n, m))
    case .floatMultiplySubtract:
      floatRegisters[op.destination] = unit.add(d, FloatArithmetic.negate(unit.multiply(n, m)))
    case .floatNegateMultiplyAdd:
      floatRegisters[op.destination] = unit.add(
        FloatArithmetic.negate(d), FloatArithmetic.negate(unit.multiply(n, m)))
    case .floatNegateMultiplySubtract:
      floatRegisters[op.destination] = unit.add(FloatArithmetic.negate(d), unit.multiply(n, m))
    case .floatFusedAdd: floatRegisters[op.destination] = unit.multiplyAdd(d, n, m)
    case .floatFusedSubtract: floatRegisters[op.destination] = unit.multiplyAdd(d, FloatArithmetic.negate(n), m)
    case .floatFusedNegateAdd:
      floatRegisters[op.destination] = unit.multiplyAdd(FloatArithmetic.negate(d), FloatArithmetic.negate(n), m)
    case .floatFusedNegateSubtract:
      floatRegisters[op.destination] = unit.multiplyAdd(FloatArithmetic.negate(d), n, m)
    case .floatCompare: setFloatFlags(unit.compare(d, m, quietNaNsAreInvalid: op.immediate != 0))
    case .floatCompareZero: setFloatFlags(unit.compare(d, 0, quietNaNsAreInvalid: op.immediate != 0))
    default: try executeFloatConversion(op, &unit)
    }
    floatStatus |= unit.exceptions
  }

  private func setFloatFlags(_ flags: UInt32) {
    floatStatus = floatStatus & 0x0FFF_FFFF | flags << 28
  }

  private func executeFloatConversion(_ op: DecodedOperation, _ unit: inout FloatArithmetic) throws(CoreFault) {
    let m = floatRegisters[op.second]
    let isTop = op.immediate != 0
    switch op.kind {
    case .floatFromHalf: floatRegisters[op.destination] = unit.fromHalf(isTop ? m >> 16 : m & 0xFFFF)
    case .floatToHalf:
      let half = unit.toHalf(m)
      let kept = floatRegisters[op.destination] & (isTop ? 0xFFFF : 0xFFFF_0000)
      floatRegisters[op.destination] = kept | (isTop ? half << 16 : half)
    case .floatFromInteger:
      let value = op.immediate != 0 ? Int64(Int32(bitPattern: m)) : Int64(m)
      floatRegisters[op.destination] = unit.fromFixed(value, fractionBits: 0)
    case .floatToInteger:
      if op.immediate != 0 { unit.rounding = .towardZero }
      let value = unit.toFixed(m, bits: 32, fractionBits: 0, isSigned: op.options.contains(.variant))
      floatRegisters[op.destination] = UInt32(truncatingIfNeeded: value)
    case .floatFromFixed, .floatToFixed: convertFixed(op, &unit)
    default: throw .usage(.undefinedInstruction)
    }
  }

  /// VCVT between floating and fixed point in the same register; `third` bit 1 is unsigned, bit 0 says 32 bits.
  private func convertFixed(_ op: DecodedOperation, _ unit: inout FloatArithmetic) {
    let bits = op.third & 1 != 0 ? 32 : 16
    let isSigned = op.third & 2 == 0
    // imm4:i counts the integer bits.
    let fractionBits = bits - Int((op.immediate & 0xF) << 1 | op.immediate >> 4)
    let value = floatRegisters[op.destination]
    if op.kind == .floatToFixed {
      unit.rounding = .towardZero
      let result = unit.toFixed(value, bits: bits, fractionBits: fractionBits, isSigned: isSigned)
      floatRegisters[op.destination] = UInt32(truncatingIfNeeded: result)
    } else {
      unit.rounding = .nearest
      let top = value << UInt32(32 - bits)
      let integer =
        isSigned ? Int64(Int32(bitPattern: top) >> Int32(32 - bits)) : Int64(top >> UInt32(32 - bits))
      floatRegisters[op.destination] = unit.fromFixed(integer, fractionBits: fractionBits)
    }
  }
}
