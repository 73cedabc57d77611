/// The arithmetic operations.
extension FloatArithmetic {
  /// Changes a number's sign, NaNs included.
  static func negate(_ bits: UInt32) -> UInt32 { bits ^ 0x8000_0000 }

  /// FPAdd; a subtraction negates its second operand's sign after NaNs have been looked for.
  mutating func add(_ x: UInt32, _ y: UInt32, negatingSecond: Bool = false) -> UInt32 {
    let a = unpack(x)
    var b = unpack(y)
    if let result = processNaNs([(x, a), (y, b)]) { return result }
    if negatingSecond { b.isNegative.toggle() }
    return sum(a, b)
  }

  /// FPMul.
  mutating func multiply(_ x: UInt32, _ y: UInt32) -> UInt32 {
    let a = unpack(x)
    let b = unpack(y)
    if let result = processNaNs([(x, a), (y, b)]) { return result }
    guard let product = product(a, b) else { return invalid() }
    return pack(product)
  }

  /// FPMulAdd: one rounding for the product and the sum.
  mutating func multiplyAdd(_ addend: UInt32, _ x: UInt32, _ y: UInt32) -> UInt32 {
    let c = unpack(addend)
    let a = unpack(x)
    let b = unpack(y)
    let product = a.isNaN || b.isNaN ? nil : product(a, b)
    let isInvalidProduct = product == nil && !a.isNaN && !b.isNaN
    if let result = processNaNs([(addend, c), (x, a), (y, b)]) {
      guard c.kind == .quietNaN, isInvalidProduct else { return result }
      return invalid()
    }
    guard let product else { return invalid() }
    return sum(c, product)
  }

  /// FPDiv.
  mutating func divide(_ x: UInt32, _ y: UInt32) -> UInt32 {
    let a = unpack(x)
    let b = unpack(y)
    if let result = processNaNs([(x, a), (y, b)]) { return result }
    let isNegative = a.isNegative != b.isNegative
    switch (a.kind, b.kind) {
    case (.infinity, .infinity), (.zero, .zero): return invalid()
    case (.infinity, _): return Self.infinity(isNegative)
    case (_, .zero):
      note(Flag.divideByZero)
      return Self.infinity(isNegative)
    case (.zero, _), (_, .infinity): return Self.zero(isNegative)
    default:
      let (quotient, remainder) = (a.significand << 64).quotientAndRemainder(dividingBy: b.significand)
      // What is left of the division only matters as more or less than half a unit.
      return round(isNegative, a.exponent - b.exponent - 65, quotient << 1 | (remainder == 0 ? 0 : 1))
    }
  }

  /// FPSqrt.
  mutating func squareRoot(_ x: UInt32) -> UInt32 {
    let a = unpack(x)
    if let result = processNaNs([(x, a)]) { return result }
    if a.kind == .zero { return Self.zero(a.isNegative) }
    if a.isNegative { return invalid() }
    if a.kind == .infinity { return x }
    // An even exponent, and enough bits for the result and its rounding.
    let shift: UInt128 = a.exponent & 1 == 0 ? 62 : 63
    let radicand = a.significand << shift
    let root = Self.integerSquareRoot(radicand)
    let exponent = (a.exponent - Int(shift)) / 2
    return round(false, exponent - 1, root << 1 | (root * root == radicand ? 0 : 1))
  }

  private static func integerSquareRoot(_ radicand: UInt128) -> UInt128 {
    var root: UInt128 = 0
    var bit: UInt128 = 1 << UInt128((127 - radicand.leadingZeroBitCount) / 2)
    while bit != 0 {
      let trial = root | bit
      if trial * trial <= radicand { root = trial }
      bit >>= 1
    }
    return root
  }

  // MARK: Exact intermediate results

  /// The exact product of two numbers that are no NaNs; nil for zero times infinity.
  private func product(_ a: UnpackedFloat, _ b: UnpackedFloat) -> UnpackedFloat? {
    let isNegative = a.isNegative != b.isNegative
    switch (a.kind, b.kind) {
    case (.infinity, .zero), (.zero, .infinity): return nil
    case (.infinity, _), (_, .infinity): return UnpackedFloat(kind: .infinity, isNegative: isNegative)
    case (.zero, _), (_, .zero): return UnpackedFloat(kind: .zero, isNegative: isNegative)
    default:
      return UnpackedFloat(
        kind: .finite, isNegative: isNegative, exponent: a.exponent + b.exponent,
        significand: a.significand * b.significand)
    }
  }

  private mutating func pack(_ value: UnpackedFloat) -> UInt32 {
    switch value.kind {
    case .zero: Self.zero(value.isNegative)
    case .infinity: Self.infinity(value.isNegative)
    default: round(value.isNegative, value.exponent, value.significand)
    }
  }

  private mutating func sum(_ a: UnpackedFloat, _ b: UnpackedFloat) -> UInt32 {
    switch (a.kind, b.kind) {
    case (.infinity, .infinity): return a.isNegative == b.isNegative ? Self.infinity(a.isNegative) : invalid()
    case (.infinity, _): return Self.infinity(a.isNegative)
    case (_, .infinity): return Self.infinity(b.isNegative)
    case (.zero, .zero) where a.isNegative == b.isNegative: return Self.zero(a.isNegative)
    case (.zero, .zero): return Self.zero(rounding == .down)
    case (.zero, _): return pack(b)
    case (_, .zero): return pack(a)
    default: return finiteSum(a, b)
    }
  }

  /// How far the lower operand may lie below the higher one before only its presence counts.
  private static let window = 76

  private mutating func finiteSum(_ a: UnpackedFloat, _ b: UnpackedFloat) -> UInt32 {
    let (high, low) = Self.top(a) >= Self.top(b) ? (a, b) : (b, a)
    let base = max(min(high.exponent, low.exponent), high.exponent - Self.window)
    let x = high.significand << UInt128(high.exponent - base)
    let distance = low.exponent - base
    // A bit that falls out of the window leaves a trace in the lowest place, where it cannot tip the rounding.
    let y = distance >= 0 ? low.significand << UInt128(distance) : Self.shiftRightSticky(low.significand, -distance)
    if high.isNegative == low.isNegative { return round(high.isNegative, base, x + y) }
    guard x != y else { return Self.zero(rounding == .down) }
    return x > y ? round(high.isNegative, base, x - y) : round(low.isNegative, base, y - x)
  }

  private static func top(_ value: UnpackedFloat) -> Int { value.exponent - value.significand.leadingZeroBitCount }

  private static func shiftRightSticky(_ value: UInt128, _ distance: Int) -> UInt128 {
    guard distance < 128 else { return 1 }
    let shifted = value >> UInt128(distance)
    return shifted << UInt128(distance) == value ? shifted : shifted | 1
  }
}
