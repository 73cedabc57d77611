extension ResetAndClockControl {
  static let cr: UInt32 = 0x00
  static let pllcfgr: UInt32 = 0x04
  static let cfgr: UInt32 = 0x08
  static let cir: UInt32 = 0x0C
  static let bdcr: UInt32 = 0x70
  static let csr: UInt32 = 0x74
  static let plli2scfgr: UInt32 = 0x84
  static let pllsaicfgr: UInt32 = 0x88
  static let dckcfgr: UInt32 = 0x8C

  /// Which bits of the enable and reset registers exist on one die (the manuals' RCC register maps and the SVDs).
  private struct Bits {
    let die: Die
    /// AHB1ENR, AHB2ENR, AHB3ENR, APB1ENR, APB2ENR.
    let enable: [UInt32]
    /// AHB1RSTR, AHB2RSTR, AHB3RSTR, APB1RSTR, APB2RSTR.
    let reset: [UInt32]

    init(_ die: Die, _ enable: [UInt32], _ reset: [UInt32]) {
      self.die = die
      self.enable = enable
      self.reset = reset
    }
  }

  // swift-format-ignore
  private static let bits: [Bits] = [
    Bits(.f2,     [0x7E64_11FF, 0xF1, 1, 0x36FE_C9FF, 0x0007_5F33], [0x2260_11FF, 0xF1, 1, 0x36FE_C9FF, 0x0007_5933]),
    Bits(.f40x,   [0x7E74_11FF, 0xF1, 1, 0x36FE_C9FF, 0x0007_5F33], [0x2260_11FF, 0xF1, 1, 0x36FE_C9FF, 0x0007_5933]),
    Bits(.f42x,   [0x7EF4_17FF, 0xF1, 1, 0xF6FE_C9FF, 0x0477_7F33], [0x22E0_17FF, 0xF1, 1, 0xF6FE_C9FF, 0x0437_7933]),
    Bits(.f446,   [0x6064_10FF, 0x81, 3, 0x3FFF_C9FF, 0x00C7_7F33], [0x2060_10FF, 0x81, 3, 0x37FF_C9FF, 0x00C7_7933]),
    Bits(.f401bc, [0x0060_109F, 0x80, 0, 0x10E2_C80F, 0x0007_7931], [0x0060_109F, 0x80, 0, 0x10E2_C80F, 0x0007_7931]),
    Bits(.f401de, [0x0060_109F, 0x80, 0, 0x10E2_C80F, 0x0007_7931], [0x0060_109F, 0x80, 0, 0x10E2_C80F, 0x0007_7931]),
    Bits(.f411,   [0x0060_109F, 0x80, 0, 0x10E2_C80F, 0x0017_7931], [0x0060_109F, 0x80, 0, 0x10E2_C80F, 0x0017_7931]),
    Bits(.f410,   [0x8060_1087, 0,    0, 0x3162_4E18, 0x0015_D131], [0x8060_1087, 0,    0, 0x3162_4A18, 0x0015_5131]),
    Bits(.f412,   [0x0060_10FF, 0xC0, 3, 0x17E6_CDFF, 0x0117_F933], [0x0060_10FF, 0xC0, 3, 0x17E6_C9FF, 0x0117_7933]),
    Bits(.f413,   [0x0060_10FF, 0xD0, 3, 0xFFFE_CFFF, 0x0357_F9F3], [0x0060_10FF, 0xD0, 3, 0xFFFE_CBFF, 0x0357_79F3]),
    Bits(.f469,   [0x7EF4_17FF, 0xF1, 3, 0xF6FE_C9FF, 0x0C77_7F33], [0x22E0_17FF, 0xF1, 3, 0xF6FE_C9FF, 0x0C77_7933]),
  ]

  private static let buses: [(bus: PeripheralBus, name: String)] = [
    (.ahb1, "AHB1"), (.ahb2, "AHB2"), (.ahb3, "AHB3"), (.apb1, "APB1"), (.apb2, "APB2"),
  ]

  /// The reset values of the LPENR registers, in the order of the buses (RM0090, 6.3.15 to 6.3.19).
  private static let sleepClocks: [UInt32] = [0x7E67_91FF, 0x0000_00F1, 0x0000_0001, 0x36FE_C9FF, 0x0007_5F33]

  /// The registers of one die.
  static func registers(_ die: Die) -> [RegisterDescription] {
    let bits = bits.first { $0.die == die }
    let gates = buses.enumerated().flatMap { index, entry in
      let (enable, reset) = (bits?.enable[index] ?? 0, bits?.reset[index] ?? 0)
      return [
        RegisterDescription("\(entry.name)RSTR", at: entry.bus.resetRegister, writable: reset),
        RegisterDescription(
          "\(entry.name)ENR", at: entry.bus.enableRegister,
          reset: entry.bus == .ahb1 && die != .f2 ? 0x0010_0000 : 0, writable: enable),
        RegisterDescription(
          "\(entry.name)LPENR", at: entry.bus.sleepRegister, reset: sleepClocks[index],
          writable: enable | sleepClocks[index]),
      ]
    }
    return clockRegisters(die) + gates + backupRegisters + extraRegisters(die)
  }

  private static func clockRegisters(_ die: Die) -> [RegisterDescription] {
    let hasSAI = hasAudioLoop(die)
    let hasI2S = die != .f410
    var control = [
      RegisterField("HSION", 0), RegisterField("HSIRDY", 1, .readOnly), RegisterField("HSITRIM", 3...7),
      RegisterField("HSICAL", 8...15, .readOnly), RegisterField("HSEON", 16), RegisterField("HSERDY", 17, .readOnly),
      RegisterField("HSEBYP", 18), RegisterField("CSSON", 19, .readSet), RegisterField("PLLON", 24),
      RegisterField("PLLRDY", 25, .readOnly),
    ]
    if hasI2S { control += [RegisterField("PLLI2SON", 26), RegisterField("PLLI2SRDY", 27, .readOnly)] }
    if hasSAI { control += [RegisterField("PLLSAION", 28), RegisterField("PLLSAIRDY", 29, .readOnly)] }
    return [
      // HSICAL differs from part to part; 0x80 stands for all of them.
      RegisterDescription("CR", at: cr, reset: 0x0000_8083, control),
      RegisterDescription(
        "PLLCFGR", at: pllcfgr, reset: die == .f410 ? 0x7F00_3010 : 0x2400_3010,
        writable: hasThirdOutput(die) ? 0x7F43_7FFF : 0x0F43_7FFF),
      RegisterDescription(
        "CFGR", at: cfgr,
        [
          RegisterField("SW", 0...1), RegisterField("SWS", 2...3, .readOnly), RegisterField("HPRE", 4...7),
          RegisterField("PPRE1", 10...12), RegisterField("PPRE2", 13...15), RegisterField("RTCPRE", 16...20),
          RegisterField("MCO", 21...31),
        ]),
      RegisterDescription(
        "CIR", at: cir,
        [
          RegisterField("RDYF", 0...6, .readOnly), RegisterField("CSSF", 7, .readOnly), RegisterField("RDYIE", 8...14),
          RegisterField("RDYC", 16...22, .writeOnly), RegisterField("CSSC", 23, .writeOnly),
        ]),
    ]
  }

  private static let backupRegisters = [
    RegisterDescription(
      "BDCR", at: bdcr,
      [
        RegisterField("LSEON", 0), RegisterField("LSERDY", 1, .readOnly), RegisterField("LSEBYP", 2),
        RegisterField("LSEMOD", 3), RegisterField("RTCSEL", 8...9), RegisterField("RTCEN", 15),
        RegisterField("BDRST", 16),
      ]),
    RegisterDescription(
      "CSR", at: csr,
      [
        RegisterField("LSION", 0), RegisterField("LSIRDY", 1, .readOnly), RegisterField("RMVF", 24, .writeOnly),
        RegisterField("RSTF", 25...31, .readOnly),
      ]),
  ]

  private static func extraRegisters(_ die: Die) -> [RegisterDescription] {
    var registers = [RegisterDescription("SSCGR", at: 0x80, writable: 0xCFFF_FFFF)]
    if die != .f410 {
      registers.append(
        RegisterDescription(
          "PLLI2SCFGR", at: plli2scfgr, reset: die == .f2 ? 0x2000_3000 : 0x2400_3000,
          writable: die == .f2 || die == .f40x ? 0x7000_7FC0 : 0x7F43_7FFF))
    }
    if hasAudioLoop(die) {
      registers.append(RegisterDescription("PLLSAICFGR", at: pllsaicfgr, reset: 0x2400_3000, writable: 0x7F03_7FFF))
    }
    if die != .f2 && die != .f40x {
      registers.append(RegisterDescription("DCKCFGR", at: dckcfgr, writable: 0xFFF3_9F1F))
    }
    if [.f446, .f412, .f413].contains(die) {
      registers.append(RegisterDescription("CKGATENR", at: 0x90, writable: 0x0000_00FF))
    }
    if [.f446, .f412, .f413, .f410].contains(die) {
      registers.append(RegisterDescription("DCKCFGR2", at: 0x94, writable: 0xFCC0_0000))
    }
    return registers
  }

  /// Whether there is a PLLSAI.
  private static func hasAudioLoop(_ die: Die) -> Bool { [.f42x, .f446, .f469].contains(die) }

  /// Whether the main PLL has an R output.
  private static func hasThirdOutput(_ die: Die) -> Bool { [.f446, .f469, .f410, .f412, .f413].contains(die) }
}
