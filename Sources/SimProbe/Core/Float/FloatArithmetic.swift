/// Floating-point arithmetic as the architecture's pseudo-code has it (ARMv7-M, A2.5), in integers only.
///
/// Rounding, flushing to zero and NaN handling follow FPSCR; what goes wrong is collected in `exceptions`.
struct FloatArithmetic {
  /// FPSCR's cumulative exception bits.
  enum Flag {
    static let invalid: UInt32 = 1 << 0
    static let divideByZero: UInt32 = 1 << 1
    static let overflow: UInt32 = 1 << 2
    static let underflow: UInt32 = 1 << 3
    static let inexact: UInt32 = 1 << 4
    static let inputDenormal: UInt32 = 1 << 7
  }

  /// FPSCR.RMode.
  enum Rounding: UInt32 {
    case nearest = 0
    case up = 1
    case down = 2
    case towardZero = 3
  }

  /// The rounding of results.
  var rounding: Rounding
  /// FPSCR.FZ.
  let flushesToZero: Bool
  /// FPSCR.DN.
  let usesDefaultNaN: Bool
  /// FPSCR.AHP.
  let usesAlternativeHalf: Bool
  /// The exception bits that the operations so far have set.
  private(set) var exceptions: UInt32 = 0

  static let defaultNaN: UInt32 = 0x7FC0_0000
  private static let sign: UInt32 = 0x8000_0000

  /// Arithmetic under a value of FPSCR.
  init(status: UInt32) {
    rounding = Rounding(rawValue: status >> 22 & 3) ?? .nearest
    flushesToZero = status & 1 << 24 != 0
    usesDefaultNaN = status & 1 << 25 != 0
    usesAlternativeHalf = status & 1 << 26 != 0
  }

  mutating func note(_ flag: UInt32) {
    exceptions |= flag
  }

  // MARK: Taking apart

  /// FPUnpack of a single; denormal numbers become zeros when FPSCR says so.
  mutating func unpack(_ bits: UInt32) -> UnpackedFloat {
    let isNegative = bits >> 31 != 0
    let field = Int(bits >> 23 & 0xFF)
    let fraction = bits & 0x7F_FFFF
    switch (field, fraction) {
    case (0, 0): return UnpackedFloat(kind: .zero, isNegative: isNegative)
    case (0, _):
      if flushesToZero {
        note(Flag.inputDenormal)
        return UnpackedFloat(kind: .zero, isNegative: isNegative)
      }
      return UnpackedFloat(kind: .finite, isNegative: isNegative, exponent: -149, significand: UInt128(fraction))
    case (0xFF, 0): return UnpackedFloat(kind: .infinity, isNegative: isNegative)
    case (0xFF, _):
      return UnpackedFloat(kind: fraction >> 22 != 0 ? .quietNaN : .signalingNaN, isNegative: isNegative)
    default:
      return UnpackedFloat(
        kind: .finite, isNegative: isNegative, exponent: field - 150, significand: UInt128(fraction | 0x80_0000))
    }
  }

  // MARK: NaNs

  /// FPProcessNaN: quiet, or the default NaN.
  private mutating func process(_ bits: UInt32, _ kind: UnpackedFloat.Kind) -> UInt32 {
    if kind == .signalingNaN { note(Flag.invalid) }
    return usesDefaultNaN ? Self.defaultNaN : bits | 1 << 22
  }

  /// FPProcessNaNs: the first signaling one, else the first quiet one; nil without any.
  mutating func processNaNs(_ operands: [(bits: UInt32, value: UnpackedFloat)]) -> UInt32? {
    let chosen =
      operands.first { $0.value.kind == .signalingNaN } ?? operands.first { $0.value.kind == .quietNaN }
    return chosen.map { process($0.bits, $0.value.kind) }
  }

  /// The default NaN of an operation without a meaningful result.
  mutating func invalid() -> UInt32 {
    note(Flag.invalid)
    return Self.defaultNaN
  }

  // MARK: Putting together

  static func infinity(_ isNegative: Bool) -> UInt32 { 0x7F80_0000 | (isNegative ? sign : 0) }
  static func zero(_ isNegative: Bool) -> UInt32 { isNegative ? sign : 0 }

  /// FPRound: the number nearest to significand × 2^exponent by the rounding mode; the significand is not zero.
  mutating func round(
    _ isNegative: Bool, _ exponent: Int, _ significand: UInt128, to format: FloatFormat = .single
  ) -> UInt32 {
    let signBit: UInt32 = isNegative ? 1 << UInt32(format.signShift) : 0
    let leading = exponent + 127 - significand.leadingZeroBitCount
    let isTiny = leading < format.minimumExponent
    if flushesToZero, isTiny, format.fractionBits == FloatFormat.single.fractionBits {
      note(Flag.underflow)
      return signBit
    }
    let lowest = max(leading, format.minimumExponent) - format.fractionBits
    let (mantissa, isInexact) = roundToInteger(isNegative, significand, shiftedRightBy: lowest - exponent)
    if isTiny && isInexact { note(Flag.underflow) }
    // The mantissa's leading bit adds one to the exponent field, and so does a carry out of it.
    let field = max(leading, format.minimumExponent) - format.minimumExponent
    let packed = UInt64(field) << UInt64(format.fractionBits) + UInt64(mantissa)
    let limit = UInt64(format.infinity)
    if format.exponentBits == 5, usesAlternativeHalf {
      guard packed < limit + 1 << 10 else {
        note(Flag.invalid)
        return signBit | 0x7FFF
      }
    } else if packed >= limit {
      note(Flag.overflow | Flag.inexact)
      return signBit | (overflowsToInfinity(isNegative) ? format.infinity : format.infinity - 1)
    }
    if isInexact { note(Flag.inexact) }
    return signBit | UInt32(packed)
  }

  private func overflowsToInfinity(_ isNegative: Bool) -> Bool {
    switch rounding {
    case .nearest: true
    case .up: !isNegative
    case .down: isNegative
    case .towardZero: false
    }
  }

  /// Shifts right (left for a negative distance) and rounds what falls out.
  func roundToInteger(
    _ isNegative: Bool, _ significand: UInt128, shiftedRightBy distance: Int
  ) -> (value: UInt128, isInexact: Bool) {
    guard distance > 0 else { return (significand << UInt128(-distance), false) }
    let shift = min(distance, 127)
    let value = significand >> UInt128(shift)
    let rest = significand - value << UInt128(shift)
    guard rest != 0 else { return (value, false) }
    let half = UInt128(1) << UInt128(shift - 1)
    let roundsUp: Bool
    switch rounding {
    case .nearest: roundsUp = rest > half || rest == half && value & 1 != 0
    case .up: roundsUp = !isNegative
    case .down: roundsUp = isNegative
    case .towardZero: roundsUp = false
    }
    return (value + (roundsUp ? 1 : 0), true)
  }
}
