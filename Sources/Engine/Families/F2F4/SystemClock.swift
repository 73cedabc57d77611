import Basics

/// HCLK as the registers of RCC tell it (RM0090, 6.3; RM0033, 5.3): exactly where it comes from the internal oscillator, else
/// between two bounds, because nothing in the chip says which crystal the board has.
struct SystemClock: Sendable, Equatable {
  /// The lowest and the highest frequency in hertz that it can have.
  var hertz: ClosedRange<Int>
  /// Whether the core runs on the internal oscillator without the PLL, as after a reset.
  var isInternal: Bool

  /// Whether the registers tell the frequency.
  var isExact: Bool { hertz.lowerBound == hertz.upperBound }

  /// RCC_CR, RCC_PLLCFGR and RCC_CFGR lie one behind the other.
  private static let registers: UInt32 = 0x4002_3800
  private static let internalMegahertz = 16.0
  /// A crystal, and a clock that is fed in (HSEBYP), in megahertz (data sheets, HSE characteristics).
  private static let crystalMegahertz = 4.0...26.0
  private static let externalMegahertz = 1.0...50.0
  /// What the PLL takes at its input in megahertz (data sheets, PLL characteristics).
  private static let phaseDetectorMegahertz = 0.95...2.1

  /// Reads it; changes nothing.
  ///
  /// - Parameter crystalHertz: what oscillates at OSC_IN; nil where nobody knows.
  static func read(
    _ access: any DebugAccess, fastestMegahertz: Int, crystalHertz: Int? = nil
  ) throws(DebugError) -> SystemClock {
    let words = try readRegisters(access)
    return SystemClock(
      control: words.control, pll: words.pll, configuration: words.configuration, fastestMegahertz: fastestMegahertz,
      crystalHertz: crystalHertz)
  }

  /// The registers of RCC that tell the clock.
  typealias Registers = (control: UInt32, pll: UInt32, configuration: UInt32)

  /// Reads the registers alone, for who has several crystals in mind.
  static func readRegisters(_ access: any DebugAccess) throws(DebugError) -> Registers {
    let bytes = try access.readMemory(at: registers, byteCount: 12, width: .word)
    return (bytes.littleEndianWord(at: 0), bytes.littleEndianWord(at: 4), bytes.littleEndianWord(at: 8))
  }

  /// The clock that register values mean.
  ///
  /// - Parameters:
  ///   - fastestMegahertz: the highest HCLK of the chip: a program whose crystal is not known is taken to keep to it.
  ///   - crystalHertz: what oscillates at OSC_IN; nil where nobody knows.
  init(control: UInt32, pll: UInt32, configuration: UInt32, fastestMegahertz: Int, crystalHertz: Int? = nil) {
    let source = configuration >> 2 & 3
    isInternal = source == 0
    let bypass = control >> 18 & 1 == 1
    let known = crystalHertz.map { Double($0) / 1_000_000 }
    let external = known.map { $0...$0 } ?? (bypass ? SystemClock.externalMegahertz : SystemClock.crystalMegahertz)
    var megahertz: ClosedRange<Double>
    var isExact = true
    switch source {
    case 0: megahertz = SystemClock.internalMegahertz...SystemClock.internalMegahertz
    case 1: (megahertz, isExact) = (external, known != nil)
    default:
      let input = Double(max(1, pll & 0x3F))
      // SWS 3 is PLL_R, which F446 has (RM0390, 6.3.3).
      let output = source == 2 ? Double((pll >> 16 & 3) * 2 + 2) : Double(max(2, pll >> 28 & 7))
      let factor = Double(pll >> 6 & 0x1FF) / output
      if pll >> 22 & 1 == 0 {
        let exact = SystemClock.internalMegahertz / input * factor
        megahertz = exact...exact
      } else if let known {
        megahertz = known / input * factor...known / input * factor
      } else {
        isExact = false
        let low = max(external.lowerBound / input, SystemClock.phaseDetectorMegahertz.lowerBound)
        let high = min(external.upperBound / input, SystemClock.phaseDetectorMegahertz.upperBound)
        megahertz = low * factor...max(low, high) * factor
      }
    }
    let divisor = SystemClock.divisor(configuration >> 4 & 0xF)
    var (low, high) = (megahertz.lowerBound / divisor, megahertz.upperBound / divisor)
    if !isExact { high = max(low, min(high, Double(fastestMegahertz))) }
    low = min(low, high)
    hertz = Int(low * 1_000_000)...Int(high * 1_000_000)
  }

  /// HPRE: what SYSCLK is divided by; 32 is left out (RM0090, 6.3.3).
  private static func divisor(_ code: UInt32) -> Double {
    let divisors: [Double] = [2, 4, 8, 16, 64, 128, 256, 512]
    return code < 8 ? 1 : divisors[Int(code & 7)]
  }

  /// The frequency in prose: "84 MHz", or "at least 84 MHz".
  var text: String {
    let amount = (hertz.lowerBound / 100_000 * 100).frequency
    return isExact ? amount : "at least \(amount)"
  }
}
