/// A source of RCC's clock tree that is switched on, takes its time, and reports itself ready.
enum Oscillator: Int, CaseIterable, Sendable {
  // In the order of their flags in RCC_CIR.
  case lsi, lse, hsi, hse, pll, pllI2S, pllSAI

  /// HSI.
  static let internalHertz: UInt64 = 16_000_000
  /// LSI, typical; parts lie between 17 and 47 kHz.
  static let lowSpeedInternalHertz: UInt64 = 32_000

  /// The register with the oscillator's bits.
  var register: UInt32 {
    switch self {
    case .lsi: ResetAndClockControl.csr
    case .lse: ResetAndClockControl.bdcr
    case .hsi, .hse, .pll, .pllI2S, .pllSAI: ResetAndClockControl.cr
    }
  }

  /// The bit that switches it on; the one above it says that it is ready.
  var onBit: UInt32 {
    switch self {
    case .lsi, .lse, .hsi: 0
    case .hse: 16
    case .pll: 24
    case .pllI2S: 26
    case .pllSAI: 28
    }
  }

  /// The time from switching on to ready in nanoseconds: typical values of the data sheets' oscillator tables (DS8626
  /// tables 32 to 37), the PLLs' maximum at the lowest VCO frequency.
  var startUp: UInt64 {
    switch self {
    case .lsi: 15_000
    case .lse: 2_000_000_000
    case .hsi: 2_200
    case .hse: 2_000_000
    case .pll, .pllI2S, .pllSAI: 200_000
    }
  }

  /// The same where a clock signal comes from outside and nothing has to start; only its edges are counted.
  static let drivenStartUp: UInt64 = 2_000
}
