/// The ARMv7E-M DSP instructions (chapter A7, "Signed and unsigned parallel", "Halfword multiply", ...).
extension CortexCore {
  @inline(never)
  func executeDSP(_ op: DecodedOperation) throws(CoreFault) {
    let n = registers[op.first]
    let m = registers[op.second]
    switch op.kind {
    case .packHalfwords: packHalfwords(op)
    case .signExtendAddByte: registers[op.destination] = n &+ signExtend8(rotatedSecond(op))
    case .signExtendAddHalfword: registers[op.destination] = n &+ signExtend16(rotatedSecond(op))
    case .zeroExtendAddByte: registers[op.destination] = n &+ rotatedSecond(op) & 0xFF
    case .zeroExtendAddHalfword: registers[op.destination] = n &+ rotatedSecond(op) & 0xFFFF
    case .signExtendBytePair: registers[op.destination] = extendBytes(op, 0) { Int32(Int8(truncatingIfNeeded: $0)) }
    case .zeroExtendBytePair: registers[op.destination] = extendBytes(op, 0) { Int32(UInt8(truncatingIfNeeded: $0)) }
    case .signExtendAddBytePair: registers[op.destination] = extendBytes(op, n) { Int32(Int8(truncatingIfNeeded: $0)) }
    case .zeroExtendAddBytePair: registers[op.destination] = extendBytes(op, n) { Int32(UInt8(truncatingIfNeeded: $0)) }

    case .signedSaturatePair: saturatePair(op) { self.saturate($0, signed: UInt32(op.third) + 1) }
    case .unsignedSaturatePair: saturatePair(op) { self.saturate($0, unsigned: UInt32(op.third)) }
    case .saturatingAdd: registers[op.destination] = saturate(signed64(m) + signed64(n), signed: 32)
    case .saturatingSubtract: registers[op.destination] = saturate(signed64(m) - signed64(n), signed: 32)
    case .saturatingDoubleAdd: registers[op.destination] = saturate(signed64(m) + doubled(n), signed: 32)
    case .saturatingDoubleSubtract: registers[op.destination] = saturate(signed64(m) - doubled(n), signed: 32)
    case .selectBytes:
      let mask = byteMask(greaterOrEqual)
      registers[op.destination] = n & mask | m & ~mask

    case .parallelAddHalfwords: parallelHalfwords(op, (low: n, high: n >> 16), (low: m, high: m >> 16), (1, 1))
    case .parallelSubtractHalfwords: parallelHalfwords(op, (low: n, high: n >> 16), (low: m, high: m >> 16), (-1, -1))
    // ASX: low difference with Rm's top, high sum with Rm's bottom; SAX the other way round.
    case .parallelAddExchange: parallelHalfwords(op, (low: n, high: n >> 16), (low: m >> 16, high: m), (-1, 1))
    case .parallelSubtractExchange: parallelHalfwords(op, (low: n, high: n >> 16), (low: m >> 16, high: m), (1, -1))
    case .parallelAddBytes: parallelBytes(op, n, m, 1)
    case .parallelSubtractBytes: parallelBytes(op, n, m, -1)

    case .sumOfDifferences: registers[op.destination] = sumOfDifferences(n, m)
    case .sumOfDifferencesAccumulate: registers[op.destination] = registers[op.third] &+ sumOfDifferences(n, m)
    default: try executeDSPMultiply(op)
    }
  }

  private func signed64(_ value: UInt32) -> Int64 { Int64(Int32(bitPattern: value)) }

  /// Twice a value, saturated; QDADD and QDSUB saturate twice.
  private func doubled(_ value: UInt32) -> Int64 { signed64(saturate(2 * signed64(value), signed: 32)) }

  private func half(_ value: UInt32, top: Bool) -> Int64 { Int64(Int16(truncatingIfNeeded: top ? value >> 16 : value)) }

  /// PKHBT takes Rn's bottom half, PKHTB its top half.
  private func packHalfwords(_ op: DecodedOperation) {
    let operand = shifted(op)
    let takesBottom = op.shift == .left
    registers[op.destination] =
      takesBottom
      ? registers[op.first] & 0xFFFF | operand & 0xFFFF_0000 : registers[op.first] & 0xFFFF_0000 | operand & 0xFFFF
  }

  /// Extends bytes 0 and 2 and adds each to a halfword.
  private func extendBytes(_ op: DecodedOperation, _ addend: UInt32, _ extend: (UInt32) -> Int32) -> UInt32 {
    let rotated = rotatedSecond(op)
    let low = addend &+ UInt32(bitPattern: extend(rotated))
    let high = addend >> 16 &+ UInt32(bitPattern: extend(rotated >> 16))
    return low & 0xFFFF | high << 16
  }

  private func saturatePair(_ op: DecodedOperation, _ saturate: (Int64) -> UInt32) {
    let value = registers[op.first]
    let low = saturate(half(value, top: false))
    let high = saturate(half(value, top: true))
    registers[op.destination] = low & 0xFFFF | high << 16
  }

  /// Four flags as a mask of four bytes.
  private func byteMask(_ flags: UInt32) -> UInt32 {
    (0..<4).reduce(0) { $0 | (flags >> $1 & 1 != 0 ? 0xFF << (8 * $1) : 0) }
  }

  private func sumOfDifferences(_ n: UInt32, _ m: UInt32) -> UInt32 {
    (0..<4).reduce(0) { sum, byte in
      let x = Int32(n >> (8 * byte) & 0xFF)
      let y = Int32(m >> (8 * byte) & 0xFF)
      return sum + (x - y).magnitude
    }
  }

  // MARK: Parallel addition and subtraction

  /// The prefixes of parallel instructions by their code.
  private enum ParallelPrefix: UInt32 {
    case signed = 0
    case saturating = 1
    case signedHalving = 2
    case unsigned = 4
    case unsignedSaturating = 5
    case unsignedHalving = 6

    var isSigned: Bool { rawValue < 4 }
  }

  private func parallelHalfwords(
    _ op: DecodedOperation, _ x: (low: UInt32, high: UInt32), _ y: (low: UInt32, high: UInt32),
    _ signs: (low: Int32, high: Int32)
  ) {
    let low = lane(op, x.low, y.low, signs.low, bits: 16)
    let high = lane(op, x.high, y.high, signs.high, bits: 16)
    registers[op.destination] = low.value | high.value << 16
    setGreaterOrEqual(op, (low.flag ? 3 : 0) | (high.flag ? 0xC : 0))
  }

  private func parallelBytes(_ op: DecodedOperation, _ x: UInt32, _ y: UInt32, _ sign: Int32) {
    var result: UInt32 = 0
    var flags: UInt32 = 0
    for byte: UInt32 in 0..<4 {
      let lane = lane(op, x >> (8 * byte), y >> (8 * byte), sign, bits: 8)
      result |= lane.value << (8 * byte)
      if lane.flag { flags |= 1 << byte }
    }
    registers[op.destination] = result
    setGreaterOrEqual(op, flags)
  }

  /// Only the plain signed and unsigned forms set GE.
  private func setGreaterOrEqual(_ op: DecodedOperation, _ flags: UInt32) {
    if op.immediate & 3 == 0 { greaterOrEqual = flags }
  }

  /// One lane: its result, and GE: not negative for signed forms and differences, carry out for unsigned sums.
  private func lane(
    _ op: DecodedOperation, _ x: UInt32, _ y: UInt32, _ sign: Int32, bits: UInt32
  ) -> (value: UInt32, flag: Bool) {
    guard let prefix = ParallelPrefix(rawValue: op.immediate) else { return (0, false) }
    let sum = extend(x, bits, prefix) + sign * extend(y, bits, prefix)
    let limit = Int32(1) << Int32(bits)
    let flag = prefix.isSigned || sign < 0 ? sum >= 0 : sum >= limit
    let value: Int32
    switch prefix {
    case .signed, .unsigned: value = sum
    case .signedHalving, .unsignedHalving: value = sum >> 1
    case .saturating: value = min(max(sum, -limit / 2), limit / 2 - 1)
    case .unsignedSaturating: value = min(max(sum, 0), limit - 1)
    }
    return (UInt32(bitPattern: value) & UInt32(limit - 1), flag)
  }

  private func extend(_ value: UInt32, _ bits: UInt32, _ prefix: ParallelPrefix) -> Int32 {
    let top = value << (32 - bits)
    return prefix.isSigned ? Int32(bitPattern: top) >> Int32(32 - bits) : Int32(top >> (32 - bits))
  }

  // MARK: Multiplication

  private func executeDSPMultiply(_ op: DecodedOperation) throws(CoreFault) {
    let n = registers[op.first]
    let m = registers[op.second]
    let accumulator = signed64(registers[op.third])
    let halves = half(n, top: op.immediate & 2 != 0) * half(m, top: op.immediate & 1 != 0)
    let wordHalf = (signed64(n) * half(m, top: op.immediate & 1 != 0)) >> 16
    switch op.kind {
    case .multiplyHalves: registers[op.destination] = UInt32(truncatingIfNeeded: halves)
    case .multiplyAddHalves: accumulate(op, halves, accumulator)
    case .multiplyAddLongHalves: setLong(op, long(op) &+ UInt64(bitPattern: halves))
    case .multiplyWordHalf: registers[op.destination] = UInt32(truncatingIfNeeded: wordHalf)
    case .multiplyAddWordHalf: accumulate(op, wordHalf, accumulator)
    case .dualMultiplyAdd: accumulate(op, dualProduct(op, n, m, 1), 0)
    case .dualMultiplySubtract: registers[op.destination] = UInt32(truncatingIfNeeded: dualProduct(op, n, m, -1))
    case .dualMultiplyAddAccumulate: accumulate(op, dualProduct(op, n, m, 1), accumulator)
    case .dualMultiplySubtractAccumulate: accumulate(op, dualProduct(op, n, m, -1), accumulator)
    case .dualMultiplyAddLong: setLong(op, long(op) &+ UInt64(bitPattern: dualProduct(op, n, m, 1)))
    case .dualMultiplySubtractLong: setLong(op, long(op) &+ UInt64(bitPattern: dualProduct(op, n, m, -1)))
    case .multiplyMostSignificant: mostSignificant(op, signed64(n) * signed64(m))
    case .multiplyAddMostSignificant: mostSignificant(op, accumulator << 32 &+ signed64(n) * signed64(m))
    case .multiplySubtractMostSignificant: mostSignificant(op, accumulator << 32 &- signed64(n) * signed64(m))
    case .unsignedMultiplyAccumulateAccumulateLong:
      let product = UInt64(n) * UInt64(m)
      setLong(op, product &+ UInt64(registers[op.destination]) &+ UInt64(registers[op.third]))
    default: try executeFloat(op)
    }
  }

  /// Adds a product to an accumulator; Q notes an overflow.
  private func accumulate(_ op: DecodedOperation, _ product: Int64, _ accumulator: Int64) {
    let sum = product + accumulator
    if sum != Int64(Int32(truncatingIfNeeded: sum)) { saturated = true }
    registers[op.destination] = UInt32(truncatingIfNeeded: sum)
  }

  /// Bottom times bottom, plus or minus top times top; with the X suffix Rm's halves change places.
  private func dualProduct(_ op: DecodedOperation, _ n: UInt32, _ m: UInt32, _ sign: Int64) -> Int64 {
    let operand = op.immediate & 1 != 0 ? rotate(m, 16) : m
    return half(n, top: false) * half(operand, top: false) + sign * half(n, top: true) * half(operand, top: true)
  }

  private func mostSignificant(_ op: DecodedOperation, _ value: Int64) {
    let rounded = op.immediate & 1 != 0 ? value &+ 0x8000_0000 : value
    registers[op.destination] = UInt32(truncatingIfNeeded: rounded >> 32)
  }
}
