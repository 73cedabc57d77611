extension ChipFamily {
  /// STM32F2 and STM32F4.
  public static let f2f4 = ChipFamily(
    memory: .f2f4, sectors: .f2f4, timing: .f2f4, loader: LoaderCode.words,
    // RM0090, 2.3 and the chapters of each peripheral. What is missing has registers that change when they are read, or
    // is not known.
    registersReadableTwice: [
      // WWDG and IWDG, PWR, SYSCFG
      0x4000_2C00..<0x4000_3400, 0x4000_7000..<0x4000_7400, 0x4001_3800..<0x4001_3C00,
      // GPIO, CRC, RCC and FLASH, backup SRAM
      0x4002_0000..<0x4002_2C00, 0x4002_3000..<0x4002_3400, 0x4002_3800..<0x4002_5000,
      // DBGMCU
      0xE004_2000..<0xE004_2400,
    ],
    // DBGMCU_CR to APB2_FZ
    registersWritableTwice: [0xE004_2004..<0xE004_2010],
    // FLASH_OPTKEYR; FLASH_OPTCR and FLASH_OPTCR1 (RM0090, 3.9.11)
    optionRegisters: [0x4002_3C08..<0x4002_3C0C, 0x4002_3C14..<0x4002_3C1C])
}

extension MemoryMap {
  /// The memory maps of RM0033, RM0090, RM0386, RM0390, RM0402 and RM0430 (chapter 2), the same on all of them as far as
  /// it is told here; 64 KiB of CCM, up to 512 KiB of SRAM (RM0386, 2.2).
  static let f2f4: MemoryMap = {
    let systemMemory = MemoryRegion("system memory", start: 0x1FFF_0000, byteCount: 0x7800)
    let otp = MemoryRegion("OTP", start: 0x1FFF_7800, byteCount: 528)
    // Data in the low half of the first and of the third word.
    let optionBytes = MemoryRegion("option bytes", start: 0x1FFF_C000, byteCount: 16)
    let optionBytesOfBank2 = MemoryRegion("option bytes of bank 2", start: 0x1FFE_C000, byteCount: 16)
    return MemoryMap(
      flash: 0x0800_0000..<0x0820_0000, flashAlias: 0..<0x0020_0000, systemMemory: systemMemory, otp: otp,
      optionBytes: optionBytes, optionBytesOfBank2: optionBytesOfBank2,
      // RDP and the user bits; nWRP, DB1M and SPRMOD; nWRP of bank 2 (RM0090, 3.7.1; RM0033, 2.6).
      optionHalfwords: [(0x1FFF_C000, .control, 0), (0x1FFF_C008, .control, 16), (0x1FFE_C008, .control1, 16)],
      coreCoupledMemory: 0x1000_0000..<0x1001_0000,
      ram: 0x2000_0000..<0x2008_0000, flashSizeWord: 0x1FFF_7A20, identityCode: 0xE004_2000,
      places: [
        (0, .bootAlias), (0x0800_0000, .beyondFlash), (0x1000_0000, .coreCoupledMemory), (0x1001_0000, .nothing),
        (optionBytesOfBank2.range.lowerBound, .optionBytes), (optionBytesOfBank2.range.upperBound, .nothing),
        (systemMemory.range.lowerBound, .systemMemory), (otp.range.lowerBound, .otp),
        (otp.range.upperBound, .systemMemory), (optionBytes.range.lowerBound, .optionBytes),
        (optionBytes.range.upperBound, .nothing), (0x2000_0000, .ram), (0x4000_0000, .peripherals),
        (0x6000_0000, .externalMemory), (0xA000_0000, .peripherals), (0xC000_0000, .externalMemory),
        (0xE000_0000, .core),
      ])
  }()
}

extension SectorPattern {
  /// Four sectors of 16 KiB, one of 64 KiB, then 128 KiB each (RM0090, table 5); SNB has bit 4 for bank 2, F413/423 have
  /// 15 bits of nWRP; 2 MiB is always two banks, 1 MiB as DB1M says, less is one (RM0090, 3.9.10).
  static let f2f4 = SectorPattern(
    head: [Run(count: 4, byteCount: 16 * 1024), Run(count: 1, byteCount: 64 * 1024)], tailByteCount: 128 * 1024,
    sectorLimit: 16, firstNumberOfBank2: 12, firstSelectionOfBank2: 0b10000, lastProtectionBit: 14,
    choiceByteCount: 1024 * 1024)
}

extension FlashTiming {
  /// The times of the data sheets and of measured parts.
  ///
  /// Limits are the data sheets' maxima ("memory characteristics", DS8626 tables 39 to 41 and DS9405; the same figures
  /// hold for all lines); for x64 they have none, and that of x32 is taken, which is slower. Expected times are those of
  /// measured parts (F407 and F429, x32): 0.87 to 0.97 of the data sheets' typical values for a sector, 1.05 for a bank;
  /// other widths by the same shares.
  static let f2f4 = FlashTiming(
    accessTypical: .microseconds(16), accessMaximum: .microseconds(100),
    sectorErase: [
      16: [.x8: Bounds(360, 800), .x16: Bounds(270, 600), .x32: Bounds(220, 500), .x64: Bounds(207, 500)],
      64: [.x8: Bounds(1080, 2400), .x16: Bounds(630, 1400), .x32: Bounds(530, 1100), .x64: Bounds(441, 1100)],
      128: [.x8: Bounds(1800, 4000), .x16: Bounds(1170, 2600), .x32: Bounds(970, 2000), .x64: Bounds(788, 2000)],
    ],
    bankErase: [
      .x8: Bounds(16_800, 32_000), .x16: Bounds(11_550, 22_000), .x32: Bounds(8_400, 16_000),
      .x64: Bounds(7_245, 16_000),
    ])
}
