extension ChipFamily {
  /// The STM32F2 and STM32F4.
  static let f2f4 = ChipFamily(
    name: "STM32F2/F4", memory: .f2f4, sectors: .f2f4,
    controlKeys: KeyLock.Keys(0x4567_0123, 0xCDEF_89AB), optionKeys: KeyLock.Keys(0x0819_2A3B, 0x4C5D_6E7F),
    flashTimes: .f2f4,
    // BOR levels 3, 2 and 1, and without them the power-down reset (DS8626, "Embedded reset and power control block",
    // typical).
    brownOut: [
      SupplyThreshold(2830, 2920), SupplyThreshold(2500, 2590), SupplyThreshold(2190, 2290),
      SupplyThreshold(1680, 1680),
    ],
    peripherals: .f2f4)
}

extension MemoryMap {
  /// All reference manuals, "Memory organization".
  fileprivate static let f2f4 = MemoryMap(
    flashBase: 0x0800_0000,
    coupledBase: 0x1000_0000,
    optionBytes2: 0x1FFE_C000..<0x1FFE_C010,
    informationBlock: 0x1FFF_0000..<0x2000_0000,
    systemMemory: 0x1FFF_0000..<0x1FFF_7800,
    otp: 0x1FFF_7800..<0x1FFF_7A10,
    uniqueID: 0x1FFF_7A10..<0x1FFF_7A1C,
    factoryBlock: 0x1FFF_7A10..<0x1FFF_7C00,
    flashSizeAddress: 0x1FFF_7A22,
    optionBytes: 0x1FFF_C000..<0x1FFF_C010,
    sramBase: 0x2000_0000,
    sramBitBand: 0x2200_0000..<0x2400_0000,
    backupSRAM: 0x4002_4000..<0x4002_5000,
    peripheralBitBand: 0x4200_0000..<0x4400_0000,
    privatePeripherals: 0xE000_0000..<0xE010_0000,
    debugUnit: 0xE004_2000..<0xE004_2400,
    flashController: 0x4002_3C00)
}

extension SectorPattern {
  /// Every bank is 4 sectors of 16 KiB, one of 64, and 128 KiB sectors up to its end ("Flash module organization"); bit 4
  /// of SNB selects the bank (RM0090, 3.9.8).
  fileprivate static let f2f4 = SectorPattern(
    runs: [(4, 16), (1, 64), (Int.max, 128)], secondBankNumber: 12, secondBankSelector: 0b10000)
}

extension FlashTimes {
  /// Measured times where there are measurements, and the data sheets' else.
  ///
  /// Typical times are measured ones where there are measurements (x32 on F407 and F429 at 3 V: 16 KiB 0.217 s in two
  /// recordings, 4 × 16 + 64 KiB 1.466 s, a bank 8.33 to 8.46 s, both banks at once 8.49 s; x8 in
  /// public logs: 16 KiB about 0.30 s, 128 KiB about 1.86 s, 4 × 16 + 64 KiB 2.297 s, an F407's twelve sectors 15.22 to
  /// 15.52 s) and an interpolation for x16. Maximum times are the data sheets' ("Flash memory programming",
  /// for example DS8626 table 40), which give none for x64: a slow part takes as long as at x32.
  fileprivate static let f2f4 = FlashTimes(
    typical: Column(
      erase: [
        Erase(sector16: 300, sector64: 1080, sector128: 1860, massPerMebibyte: 16_800),
        Erase(sector16: 270, sector64: 630, sector128: 1170, massPerMebibyte: 11_550),
        Erase(sector16: 220, sector64: 530, sector128: 970, massPerMebibyte: 8400),
        Erase(sector16: 207, sector64: 441, sector128: 788, massPerMebibyte: 7245),
      ], program: 16_000),
    slow: Column(
      erase: [
        Erase(sector16: 800, sector64: 2400, sector128: 4000, massPerMebibyte: 32_000),
        Erase(sector16: 600, sector64: 1400, sector128: 2600, massPerMebibyte: 22_000),
        Erase(sector16: 500, sector64: 1100, sector128: 2000, massPerMebibyte: 16_000),
        Erase(sector16: 500, sector64: 1100, sector128: 2000, massPerMebibyte: 16_000),
      ], program: 100_000))
}
