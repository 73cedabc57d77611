/// Where things lie in the address space of a family's chips (reference manuals, "Memory organization").
struct MemoryMap: Sendable {
  /// The first byte of the main flash.
  let flashBase: UInt32
  /// The core-coupled memory.
  let coupledBase: UInt32
  /// Option bytes of bank 2.
  let optionBytes2: Range<UInt32>
  /// System memory, OTP, identity and option bytes; what lies between them reads as erased.
  let informationBlock: Range<UInt32>
  let systemMemory: Range<UInt32>
  let otp: Range<UInt32>
  /// The 96-bit unique identifier.
  let uniqueID: Range<UInt32>
  /// The identifier, the size and what else ST writes: at RDP level 1 it faults with the flash.
  let factoryBlock: Range<UInt32>
  /// The halfword that says how large the flash is, in KiB.
  let flashSizeAddress: UInt32
  let optionBytes: Range<UInt32>
  let sramBase: UInt32
  let sramBitBand: Range<UInt32>
  let backupSRAM: Range<UInt32>
  let peripheralBitBand: Range<UInt32>
  /// The core's private peripherals (ARMv7-M, B3.1).
  let privatePeripherals: Range<UInt32>
  /// DBGMCU.
  let debugUnit: Range<UInt32>
  /// The registers of the flash interface.
  let flashController: UInt32
}

/// What address 0 shows (SYSCFG_MEMRMP.MEM_MODE).
enum BootSource: UInt32 {
  case mainFlash = 0b00
  case systemMemory = 0b01
  case externalMemory = 0b10
  case sram = 0b11
}
