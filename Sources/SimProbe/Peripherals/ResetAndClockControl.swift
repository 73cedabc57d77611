/// RCC: oscillators that become ready at once, the clock tree as far as HCLK, and the reset causes (RM0090, 6 and 7).
///
/// Clock enable bits are kept; only those of the backup SRAM and the core-coupled memory act.
final class ResetAndClockControl: Peripheral {
  let name = "RCC"
  var registers: RegisterFile
  /// The crystal or the clock at OSC_IN in hertz; nil where nothing is connected, and HSE then never becomes ready.
  var externalHertz: UInt64?
  /// Called with HCLK in hertz when the clock tree may have changed.
  var clockChanged: ((UInt64) -> Void)?
  /// Called with AHB1ENR when it has been written or reset.
  var memoryClocksChanged: ((UInt32) -> Void)?

  private static let cr: UInt32 = 0x00
  private static let pllcfgr: UInt32 = 0x04
  private static let cfgr: UInt32 = 0x08
  private static let ahb1enr: UInt32 = 0x30
  private static let bdcr: UInt32 = 0x70
  private static let csr: UInt32 = 0x74
  /// The internal oscillator.
  private static let internalHertz: UInt64 = 16_000_000

  init(die: Die) {
    let isF2 = die == .f2
    registers = RegisterFile([
      RegisterDescription(
        "CR", at: Self.cr, reset: 0x0000_8083,
        [
          RegisterField("HSION", 0), RegisterField("HSIRDY", 1, .readOnly), RegisterField("HSITRIM", 3...7),
          RegisterField("HSICAL", 8...15, .readOnly), RegisterField("HSEON", 16),
          RegisterField("HSERDY", 17, .readOnly),
          RegisterField("HSEBYP", 18), RegisterField("CSSON", 19), RegisterField("PLLON", 24),
          RegisterField("PLLRDY", 25, .readOnly), RegisterField("PLLI2SON", 26),
          RegisterField("PLLI2SRDY", 27, .readOnly),
          RegisterField("PLLSAION", 28), RegisterField("PLLSAIRDY", 29, .readOnly),
        ]),
      RegisterDescription(
        "PLLCFGR", at: Self.pllcfgr, reset: die == .f410 ? 0x7F00_3010 : 0x2400_3010, writable: 0x7F43_7FFF),
      RegisterDescription(
        "CFGR", at: Self.cfgr,
        [RegisterField("SW", 0...1), RegisterField("SWS", 2...3, .readOnly), RegisterField("HPRE", 4...7)]
          + [RegisterField("PPRE1", 10...12), RegisterField("PPRE2", 13...15), RegisterField("RTCPRE", 16...20)]
          + [RegisterField("MCO", 21...31)]),
      RegisterDescription("CIR", at: 0x0C, writable: 0x0000_7F00),
      RegisterDescription("AHB1RSTR", at: 0x10, writable: 0x22E0_17FF),
      RegisterDescription("AHB2RSTR", at: 0x14, writable: 0x0000_00F1),
      RegisterDescription("AHB3RSTR", at: 0x18, writable: 0x0000_0003),
      RegisterDescription("APB1RSTR", at: 0x20, writable: 0xFFFF_FFFF),
      RegisterDescription("APB2RSTR", at: 0x24, writable: 0xFFFF_FFFF),
      RegisterDescription("AHB1ENR", at: Self.ahb1enr, reset: isF2 ? 0 : 0x0010_0000, writable: 0x7EF4_17FF),
      RegisterDescription("AHB2ENR", at: 0x34, writable: 0x0000_00F1),
      RegisterDescription("AHB3ENR", at: 0x38, writable: 0x0000_0003),
      RegisterDescription("APB1ENR", at: 0x40, writable: 0xFFFF_FFFF),
      RegisterDescription("APB2ENR", at: 0x44, writable: 0xFFFF_FFFF),
      RegisterDescription("AHB1LPENR", at: 0x50, reset: 0x7E67_91FF, writable: 0x7EF7_97FF),
      RegisterDescription("AHB2LPENR", at: 0x54, reset: 0x0000_00F1, writable: 0x0000_00F1),
      RegisterDescription("AHB3LPENR", at: 0x58, reset: 0x0000_0001, writable: 0x0000_0003),
      RegisterDescription("APB1LPENR", at: 0x60, reset: 0x36FE_C9FF, writable: 0xFFFF_FFFF),
      RegisterDescription("APB2LPENR", at: 0x64, reset: 0x0007_5F33, writable: 0xFFFF_FFFF),
      RegisterDescription(
        "BDCR", at: Self.bdcr,
        [RegisterField("LSEON", 0), RegisterField("LSERDY", 1, .readOnly), RegisterField("LSEBYP", 2)]
          + [RegisterField("RTCSEL", 8...9), RegisterField("RTCEN", 15), RegisterField("BDRST", 16)]),
      RegisterDescription(
        "CSR", at: Self.csr, reset: 0,
        [RegisterField("LSION", 0), RegisterField("LSIRDY", 1, .readOnly), RegisterField("RMVF", 24, .writeOnly)]
          + [RegisterField("RSTF", 25...31, .readOnly)]),
      RegisterDescription("SSCGR", at: 0x80, writable: 0xCFFF_FFFF),
      RegisterDescription("PLLI2SCFGR", at: 0x84, reset: isF2 ? 0x2000_3000 : 0x2400_3000, writable: 0x7F00_7FFF),
    ])
  }

  func prepareRead(_ offset: UInt32, now: UInt64) {
    switch offset {
    case Self.bdcr: copyReadiness(Self.bdcr, from: 0, to: 1)
    case Self.csr: copyReadiness(Self.csr, from: 0, to: 1)
    default: break
    }
  }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    switch offset {
    case Self.cr, Self.pllcfgr, Self.cfgr: updateClocks()
    case Self.ahb1enr: memoryClocksChanged?(registers[Self.ahb1enr])
    case Self.csr where written & 1 << 24 != 0: registers[Self.csr] &= 0x01FF_FFFF
    default: break
    }
  }

  /// Keeps the backup domain and the reset causes, which `note(_:)` adds to.
  func reset(now: UInt64) {
    let kept = (registers[Self.bdcr], registers[Self.csr] & 0xFE00_0000)
    registers.reset()
    (registers[Self.bdcr], registers[Self.csr]) = kept
    memoryClocksChanged?(registers[Self.ahb1enr])
    updateClocks()
  }

  /// Sets the flags of a reset's cause; a power-on clears the others.
  func note(_ cause: ResetCause) {
    if cause == .powerOn {
      registers[Self.csr] = 0
      registers[Self.bdcr] = 0
    }
    registers[Self.csr] |= cause.flags
  }

  private func copyReadiness(_ register: UInt32, from on: UInt32, to ready: UInt32) {
    let value = registers[register]
    registers[register] = value & ~(1 << ready) | (value >> on & 1) << ready
  }

  /// Brings the ready bits and SWS up to date and reports HCLK.
  private func updateClocks() {
    copyReadiness(Self.cr, from: 0, to: 1)
    copyReadiness(Self.cr, from: 16, to: 17)
    if externalHertz == nil { registers[Self.cr] &= ~(1 << 17) }
    for on in [24, 26, 28] as [UInt32] { copyReadiness(Self.cr, from: on, to: on + 1) }
    if loopHertz == nil { registers[Self.cr] &= ~0x2A00_0000 }
    let wanted = registers[Self.cfgr] & 0b11
    let sources: [UInt64?] = [
      Self.internalHertz, registers[Self.cr] & 1 << 17 != 0 ? externalHertz : nil,
      registers[Self.cr] & 1 << 25 != 0 ? loopHertz : nil, nil,
    ]
    guard let hertz = sources[Int(wanted)] else { return }
    registers[Self.cfgr] = registers[Self.cfgr] & ~0b1100 | wanted << 2
    let prescaler = registers[Self.cfgr] >> 4 & 0xF
    let shifts: [UInt64] = [1, 2, 3, 4, 6, 7, 8, 9]
    clockChanged?(hertz >> (prescaler < 8 ? 0 : shifts[Int(prescaler - 8)]))
  }

  /// The PLL's output: source / M × N / P (RM0090, 6.3.2); nil where its source is missing or M is 0.
  private var loopHertz: UInt64? {
    let word = registers[Self.pllcfgr]
    let (m, n, p) = (UInt64(word & 0x3F), UInt64(word >> 6 & 0x1FF), UInt64(word >> 16 & 0b11) * 2 + 2)
    let source = word & 1 << 22 != 0 ? externalHertz : Self.internalHertz
    guard let source, m > 0, n > 0 else { return nil }
    return source * n / m / p
  }
}
