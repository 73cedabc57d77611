/// Where things lie in the address space of every F2 and F4 (reference manuals, "Memory organization").
enum MemoryMap {
  static let flashBase: UInt32 = 0x0800_0000
  static let coupledBase: UInt32 = 0x1000_0000
  /// Option bytes of bank 2, 16 bytes.
  static let optionBytes2 = UInt32(0x1FFE_C000)..<0x1FFE_C010
  /// The 64 KiB with system memory, OTP, identity and option bytes; what lies between them reads as erased.
  static let informationBlock = UInt32(0x1FFF_0000)..<0x2000_0000
  static let systemMemory = UInt32(0x1FFF_0000)..<0x1FFF_7800
  static let otp = UInt32(0x1FFF_7800)..<0x1FFF_7A10
  static let uniqueIDBase: UInt32 = 0x1FFF_7A10
  static let uniqueIDByteCount = 12
  static let flashSizeAddress: UInt32 = 0x1FFF_7A22
  static let packageAddress: UInt32 = 0x1FFF_7BF0
  static let optionBytes = UInt32(0x1FFF_C000)..<0x1FFF_C010
  static let sramBase: UInt32 = 0x2000_0000
  static let sramBitBand = UInt32(0x2200_0000)..<0x2400_0000
  static let backupSRAM = UInt32(0x4002_4000)..<0x4002_5000
  static let peripheralBase: UInt32 = 0x4000_0000
  static let peripheralBitBand = UInt32(0x4200_0000)..<0x4400_0000
  static let privatePeripherals = UInt32(0xE000_0000)..<0xE010_0000
  static let debugUnit = UInt32(0xE004_2000)..<0xE004_2400
}

/// What address 0 shows (SYSCFG_MEMRMP.MEM_MODE).
enum BootSource: UInt32 {
  case mainFlash = 0b00
  case systemMemory = 0b01
  case externalMemory = 0b10
  case sram = 0b11
}
