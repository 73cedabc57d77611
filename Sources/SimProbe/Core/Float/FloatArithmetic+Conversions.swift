/// Comparison and conversion.
extension FloatArithmetic {
  /// FPCompare: the flags N, Z, C, V in bits 3:0; quiet NaNs are an error for the E forms only.
  mutating func compare(_ x: UInt32, _ y: UInt32, quietNaNsAreInvalid: Bool) -> UInt32 {
    let a = unpack(x)
    let b = unpack(y)
    guard !a.isNaN, !b.isNaN else {
      if quietNaNsAreInvalid || a.kind == .signalingNaN || b.kind == .signalingNaN { note(Flag.invalid) }
      return 0b0011
    }
    let left = ordered(x, a)
    let right = ordered(y, b)
    return left == right ? 0b0110 : left < right ? 0b1000 : 0b0010
  }

  /// A number that orders as its float does; both zeros are 0.
  private func ordered(_ bits: UInt32, _ value: UnpackedFloat) -> Int64 {
    guard value.kind != .zero else { return 0 }
    let magnitude = Int64(bits & 0x7FFF_FFFF)
    return value.isNegative ? -magnitude : magnitude
  }

  // MARK: Integers and fixed point

  /// FPToFixed: an integer of so many bits, scaled by 2^fractionBits; out of range it is the nearest one.
  mutating func toFixed(_ x: UInt32, bits: Int, fractionBits: Int, isSigned: Bool) -> Int64 {
    let a = unpack(x)
    let limits: (lowest: Int64, highest: Int64) =
      isSigned ? (-(1 << Int64(bits - 1)), 1 << Int64(bits - 1) - 1) : (0, 1 << Int64(bits) - 1)
    switch a.kind {
    case .zero: return 0
    case .quietNaN, .signalingNaN:
      note(Flag.invalid)
      return 0
    case .infinity:
      note(Flag.invalid)
      return a.isNegative ? limits.lowest : limits.highest
    case .finite: break
    }
    let scale = a.exponent + fractionBits
    // Beyond 2^32 units every target is out of range.
    guard scale <= 32 else {
      note(Flag.invalid)
      return a.isNegative ? limits.lowest : limits.highest
    }
    let (magnitude, isInexact) = roundToInteger(a.isNegative, a.significand, shiftedRightBy: -scale)
    let value = a.isNegative ? -Int64(magnitude) : Int64(magnitude)
    guard (limits.lowest...limits.highest).contains(value) else {
      note(Flag.invalid)
      return min(max(value, limits.lowest), limits.highest)
    }
    if isInexact { note(Flag.inexact) }
    return value
  }

  /// FixedToFP: an integer divided by 2^fractionBits.
  mutating func fromFixed(_ value: Int64, fractionBits: Int) -> UInt32 {
    value == 0 ? 0 : round(value < 0, -fractionBits, UInt128(value.magnitude))
  }

  // MARK: Half precision

  /// FPHalfToSingle.
  mutating func fromHalf(_ half: UInt32) -> UInt32 {
    let isNegative = half >> 15 & 1 != 0
    let field = Int(half >> 10 & 0x1F)
    let fraction = half & 0x3FF
    if field == 0x1F, !usesAlternativeHalf {
      guard fraction != 0 else { return Self.infinity(isNegative) }
      if fraction >> 9 == 0 { note(Flag.invalid) }
      return usesDefaultNaN ? Self.defaultNaN : Self.infinity(isNegative) | 1 << 22 | fraction << 13
    }
    if field == 0 {
      return fraction == 0 ? Self.zero(isNegative) : round(isNegative, -24, UInt128(fraction))
    }
    return round(isNegative, field - 25, UInt128(fraction | 0x400))
  }

  /// FPSingleToHalf.
  mutating func toHalf(_ x: UInt32) -> UInt32 {
    let a = unpack(x)
    let sign: UInt32 = a.isNegative ? 0x8000 : 0
    switch a.kind {
    case .zero: return sign
    case .quietNaN, .signalingNaN:
      if a.kind == .signalingNaN || usesAlternativeHalf { note(Flag.invalid) }
      if usesAlternativeHalf { return sign }
      return usesDefaultNaN ? 0x7E00 : sign | 0x7E00 | x >> 13 & 0x1FF
    case .infinity:
      if usesAlternativeHalf { note(Flag.invalid) }
      return sign | (usesAlternativeHalf ? 0x7FFF : 0x7C00)
    case .finite: return round(a.isNegative, a.exponent, a.significand, to: .half)
    }
  }
}
