/// The dies of the F2 and F4.
extension Die {
  private init(
    _ idCode: UInt32, _ core: CoreKind, ictr: UInt32, megahertz: Int, sram: UInt32, sram1: UInt32, ccm: UInt32 = 0,
    backup: Bool = false, latencyBits: Int = 3, sectorNumberBits: Int = 4, nWRP: Int, nWRPField: UInt16 = 0x0FFF,
    dual: Bool = false, pcrop: Bool, waits: Bool = false, early: UInt32? = nil,
    waitStates: FlashWaitStates, clocks: ClockFacts, power: PowerFacts, converters: Int = 1,
    memory: RegisterTable = .staticMemory, usb: OnTheGoFacts = .first, random: PeripheralRow = .secondRandomNumbers,
    bootloader: BootloaderFacts, manual: String
  ) {
    self.idCode = idCode
    self.core = core
    interruptControllerType = ictr
    maximumMegahertz = megahertz
    sramKilobytes = sram
    sram1Kilobytes = sram1
    coupledKilobytes = ccm
    hasBackupSRAM = backup
    self.latencyBits = latencyBits
    self.sectorNumberBits = sectorNumberBits
    writeProtectBits = nWRP
    writeProtectField = nWRPField
    hasSecondBankRegisters = dual
    hasReadoutProtectedSectors = pcrop
    waitsAfterTransferAddress = waits
    earlyIDCode = early
    self.waitStates = waitStates
    self.clocks = clocks
    self.power = power
    converterCount = converters
    externalMemory = memory
    onTheGo = usb
    randomNumbers = random
    factory = FactoryData(
      words: core == .cortexM4F ? Die.calibration : [],
      bootloader: bootloader)
    family = .f2f4
    self.manual = manual
  }

  /// 0x1FFF_7A1C to 0x1FFF_7A33 of an F401xC, for every F4: VREFINT_CAL at 0x1FFF_7A2A, TS_CAL1 and TS_CAL2 behind it.
  private static let calibration: [UInt32] = [
    0xC000_FCC0, 0x0100_C000, 0x67FF_47D2, 0x05DC_F000, 0x04A8_03B3, 0x4517_44B1,
  ]

  /// F205, F207, F215, F217.
  static let f2 = Die(
    0x2003_6411, .cortexM3, ictr: 2, megahertz: 120, sram: 128, sram1: 112, backup: true, nWRP: 12, pcrop: false,

    waitStates: .f2, clocks: .f2, power: .unscaled, converters: 3,
    bootloader: .f2, manual: "RM0033")
  /// F405, F407, F415, F417.
  static let f40x = Die(
    0x1001_6413, .cortexM4F, ictr: 2, megahertz: 168, sram: 128, sram1: 112, ccm: 64, backup: true, nWRP: 12,
    pcrop: false,
    early: 0x2000_6411, waitStates: .f40x, clocks: .f40x, power: .oneBit, converters: 3,
    bootloader: .f40x, manual: "RM0090")
  /// F427, F429, F437, F439.
  static let f42x = Die(
    0x2001_6419, .cortexM4F, ictr: 2, megahertz: 180, sram: 192, sram1: 112, ccm: 64, backup: true, latencyBits: 4,
    sectorNumberBits: 5, nWRP: 12, dual: true, pcrop: true, waits: true,
    waitStates: .f42x, clocks: .f42x, power: .twoBits(reset: 0b11), converters: 3, memory: .flexibleMemory,
    bootloader: .f42x, manual: "RM0090")
  /// F446.
  static let f446 = Die(
    0x1000_6421, .cortexM4F, ictr: 3, megahertz: 180, sram: 128, sram1: 112, backup: true, latencyBits: 4, nWRP: 8,
    pcrop: true,
    waitStates: .f42x, clocks: .f446, power: .twoBits(reset: 0b11), converters: 3, memory: .flexibleMemory,
    usb: .second,
    bootloader: .f446, manual: "RM0390")
  /// F401xB and F401xC.
  static let f401bc = Die(
    0x1001_6423, .cortexM4F, ictr: 2, megahertz: 84, sram: 64, sram1: 64, nWRP: 6, pcrop: true,
    waitStates: .f401, clocks: .f401bc, power: .twoBits(reset: 0b10),
    bootloader: .f401bc, manual: "RM0368")
  /// F411.
  static let f411 = Die(
    0x1000_6431, .cortexM4F, ictr: 2, megahertz: 100, sram: 128, sram1: 128, nWRP: 8, pcrop: true,
    waitStates: .f41x, clocks: .f411, power: .twoBits(reset: 0b10),
    bootloader: .f411, manual: "RM0383")
  /// F401xD and F401xE.
  static let f401de = Die(
    0x1001_6433, .cortexM4F, ictr: 2, megahertz: 84, sram: 96, sram1: 96, nWRP: 8, pcrop: true,
    waitStates: .f401, clocks: .f401de, power: .twoBits(reset: 0b10),
    bootloader: .f401de, manual: "RM0368")
  /// F469, F479.
  static let f469 = Die(
    0x1000_6434, .cortexM4F, ictr: 2, megahertz: 180, sram: 320, sram1: 160, ccm: 64, backup: true, latencyBits: 4,
    sectorNumberBits: 5, nWRP: 12, dual: true, pcrop: true,
    waitStates: .f42x, clocks: .f469, power: .twoBits(reset: 0b11), converters: 3, memory: .flexibleMemory,
    usb: .second,
    bootloader: .f469, manual: "RM0386")
  /// F412.
  static let f412 = Die(
    0x3000_6441, .cortexM4F, ictr: 3, megahertz: 100, sram: 256, sram1: 256, nWRP: 12, pcrop: true,
    waitStates: .f41x, clocks: .f412, power: .twoBits(reset: 0b10), usb: .second,
    bootloader: .f412, manual: "RM0402")
  /// F410.
  static let f410 = Die(
    0x1000_6458, .cortexM4F, ictr: 3, megahertz: 100, sram: 32, sram1: 32, nWRP: 5, nWRPField: 0x7FFF, pcrop: true,

    waitStates: .f41x, clocks: .f410, power: .twoBits(reset: 0b10), random: .firstRandomNumbers,
    bootloader: .f410, manual: "RM0401")
  /// F413, F423.
  static let f413 = Die(
    0x1000_6463, .cortexM4F, ictr: 3, megahertz: 100, sram: 320, sram1: 256, nWRP: 15, nWRPField: 0x7FFF, pcrop: true,

    waitStates: .f41x, clocks: .f413, power: .twoBits(reset: 0b10), usb: .second,
    bootloader: .f413, manual: "RM0430")
}

extension PowerFacts {
  /// VOS after a reset by die (PWR_CR of each manual); the F2, which has none, keeps its bits at 0.
  fileprivate static let unscaled = PowerFacts(scaling: (14...15, 0), statusReset: 0)
  fileprivate static let oneBit = PowerFacts(scaling: (14...14, 0b01), statusReset: 1 << 14)
  fileprivate static func twoBits(reset: UInt32) -> PowerFacts {
    PowerFacts(scaling: (14...15, reset), statusReset: 1 << 14)
  }
}

extension PeripheralRow {
  /// The random number generator, whose interrupt HASH shares, on AHB1 and on AHB2.
  fileprivate static let firstRandomNumbers = PeripheralRow("RNG", 0x4008_0000, ClockGate(.ahb1, 31), 80)
  fileprivate static let secondRandomNumbers = PeripheralRow("RNG", 0x5006_0800, ClockGate(.ahb2, 6), 80)
}
