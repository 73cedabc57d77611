/// The rate of the trace stream: HCLK divided by a whole number.
public struct TraceRate: Sendable, Equatable {
  /// HCLK in hertz.
  public var clockHertz: Int
  /// What it is divided by: ACPR + 1.
  public var divisor: Int

  /// ACPR has 13 bits (Cortex-M3 TRM, 17.3.3).
  static let largestDivisor = 1 << 13

  /// The rate nearest to the wanted one that is not above the fastest; nil where HCLK cannot be divided that far.
  public init?(clockHertz: Int, wanted: Int, fastest: Int) {
    guard clockHertz > 0, wanted > 0, fastest > 0 else { return nil }
    let nearest = (clockHertz + wanted / 2) / wanted
    let least = (clockHertz + fastest - 1) / fastest
    divisor = max(1, nearest, least)
    self.clockHertz = clockHertz
    guard divisor <= TraceRate.largestDivisor else { return nil }
  }

  /// The rate in baud: what the receiver is asked for, so that both differ by nothing but rounding.
  public var baud: Int { (clockHertz + divisor / 2) / divisor }
}
