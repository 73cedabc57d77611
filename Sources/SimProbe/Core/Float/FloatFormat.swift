/// A binary floating-point format (IEEE 754-2008, 3.6).
struct FloatFormat {
  /// Bits of the stored fraction.
  let fractionBits: Int
  /// Bits of the exponent field.
  let exponentBits: Int

  static let half = FloatFormat(fractionBits: 10, exponentBits: 5)
  static let single = FloatFormat(fractionBits: 23, exponentBits: 8)

  /// The exponent of the smallest normal number.
  var minimumExponent: Int { 2 - (1 << (exponentBits - 1)) }
  /// The exponent field of infinities and NaNs.
  var specialField: Int { (1 << exponentBits) - 1 }
  /// The sign's place.
  var signShift: Int { fractionBits + exponentBits }
  /// Infinity without its sign.
  var infinity: UInt32 { UInt32(specialField) << UInt32(fractionBits) }
}

/// What a floating-point number is, taken apart.
struct UnpackedFloat {
  /// The kinds of numbers.
  enum Kind: Equatable {
    case zero
    /// Finite and not zero: significand × 2^exponent.
    case finite
    case infinity
    case quietNaN
    case signalingNaN
  }

  var kind: Kind
  var isNegative: Bool
  var exponent = 0
  var significand: UInt128 = 0

  var isNaN: Bool { kind == .quietNaN || kind == .signalingNaN }
}
