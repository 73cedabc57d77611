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
  static let dckcfgr2: UInt32 = 0x94

  private static let buses: [(bus: PeripheralBus, name: String)] = [
    (.ahb1, "AHB1"), (.ahb2, "AHB2"), (.ahb3, "AHB3"), (.apb1, "APB1"), (.apb2, "APB2"),
  ]

  /// The reset values of the LPENR registers, in the order of the buses (RM0090, 6.3.15 to 6.3.19).
  private static let sleepClocks: [UInt32] = [0x7E67_91FF, 0x0000_00F1, 0x0000_0001, 0x36FE_C9FF, 0x0007_5F33]

  /// The registers of one die.
  static func registers(_ die: Die) -> [RegisterDescription] {
    let facts = die.clocks
    let gates = buses.enumerated().flatMap { index, entry in
      let (enable, reset) = (facts.enable[index], facts.reset[index])
      return [
        RegisterDescription("\(entry.name)RSTR", at: entry.bus.resetRegister, writable: reset),
        RegisterDescription(
          "\(entry.name)ENR", at: entry.bus.enableRegister,
          reset: entry.bus == .ahb1 ? facts.firstEnableReset : 0, writable: enable),
        RegisterDescription(
          "\(entry.name)LPENR", at: entry.bus.sleepRegister, reset: sleepClocks[index],
          writable: enable | sleepClocks[index]),
      ]
    }
    return clockRegisters(facts) + gates + backupRegisters + extraRegisters(facts)
  }

  private static func clockRegisters(_ facts: ClockFacts) -> [RegisterDescription] {
    var control = [
      RegisterField("HSION", 0), RegisterField("HSIRDY", 1, .readOnly), RegisterField("HSITRIM", 3...7),
      RegisterField("HSICAL", 8...15, .readOnly), RegisterField("HSEON", 16), RegisterField("HSERDY", 17, .readOnly),
      RegisterField("HSEBYP", 18), RegisterField("CSSON", 19, .readSet), RegisterField("PLLON", 24),
      RegisterField("PLLRDY", 25, .readOnly),
    ]
    if facts.audioLoop != nil { control += [RegisterField("PLLI2SON", 26), RegisterField("PLLI2SRDY", 27, .readOnly)] }
    if facts.hasSecondAudioLoop {
      control += [RegisterField("PLLSAION", 28), RegisterField("PLLSAIRDY", 29, .readOnly)]
    }
    return [
      // HSICAL differs from part to part; 0x80 stands for all of them.
      RegisterDescription("CR", at: cr, reset: 0x0000_8083, control),
      RegisterDescription(
        "PLLCFGR", at: pllcfgr, reset: facts.loop.reset, writable: facts.loop.writable),
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

  private static func extraRegisters(_ facts: ClockFacts) -> [RegisterDescription] {
    var registers = [RegisterDescription("SSCGR", at: 0x80, writable: 0xCFFF_FFFF)]
    if let loop = facts.audioLoop {
      registers.append(RegisterDescription("PLLI2SCFGR", at: plli2scfgr, reset: loop.reset, writable: loop.writable))
    }
    if facts.hasSecondAudioLoop {
      registers.append(RegisterDescription("PLLSAICFGR", at: pllsaicfgr, reset: 0x2400_3000, writable: 0x7F03_7FFF))
    }
    if facts.hasDedicatedClocks {
      registers.append(RegisterDescription("DCKCFGR", at: dckcfgr, writable: 0xFFF3_9F1F))
    }
    if facts.hasClockGating { registers.append(RegisterDescription("CKGATENR", at: 0x90, writable: 0x0000_00FF)) }
    if facts.hasSecondDedicatedClocks {
      registers.append(RegisterDescription("DCKCFGR2", at: dckcfgr2, writable: 0xFCC0_0000))
    }
    return registers
  }
}
