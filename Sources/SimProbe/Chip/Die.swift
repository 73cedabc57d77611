/// What all parts cut from one die have in common: identity, core, memories, and its variant of the flash interface.
///
/// Parts of one die answer the same DEV_ID; the line's name and the flash size are all that separates them.
struct Die: Equatable, Sendable {
  /// DBGMCU_IDCODE as read: REV_ID in bits 31:16, DEV_ID in 11:0, and the 6 that real parts show in the reserved bits
  /// 15:12.
  let idCode: UInt32
  /// The processor.
  let core: CoreKind
  /// ICTR (0xE000_E004): the number of interrupt lines is 32 × (value + 1).
  let interruptControllerType: UInt32
  /// The highest HCLK in MHz.
  let maximumMegahertz: Int
  /// SRAM1, SRAM2 and SRAM3 together in KiB; they follow each other without a gap from 0x2000_0000.
  let sramKilobytes: UInt32
  /// SRAM1 alone in KiB; the rest of `sramKilobytes` is SRAM2 and SRAM3.
  let sram1Kilobytes: UInt32
  /// Core-coupled memory at 0x1000_0000 in KiB; 0 where there is none.
  let coupledKilobytes: UInt32
  /// Whether there are 4 KiB of backup SRAM at 0x4002_4000.
  let hasBackupSRAM: Bool
  /// The width of ACR.LATENCY in bits.
  let latencyBits: Int
  /// The width of CR.SNB in bits.
  let sectorNumberBits: Int
  /// How many of OPTCR's nWRP bits protect something.
  let writeProtectBits: Int
  /// OPTCR bits 30:16 as a factory part holds them; bits that are 0 here do not exist.
  let writeProtectField: UInt16
  /// Whether there is a second bank's register set: OPTCR1, CR.MER1, DB1M, BFB2 (RM0090, 3.9; RM0386, 3.9).
  let hasSecondBankRegisters: Bool
  /// Whether SPRMOD (PCROP) and SR.RDERR exist.
  let hasReadoutProtectedSectors: Bool
  /// Whether the first access after a TAR write is answered WAIT once; seen on the F429 by SWD recordings.
  let waitsAfterTransferAddress: Bool
  /// The reference manual.
  let manual: String

  /// DBGMCU_IDCODE.DEV_ID.
  var deviceID: UInt32 { idCode & 0xFFF }
}

extension Die {
  private init(
    _ idCode: UInt32, _ core: CoreKind, ictr: UInt32, megahertz: Int, sram: UInt32, sram1: UInt32, ccm: UInt32 = 0,
    backup: Bool = false, latencyBits: Int = 3, sectorNumberBits: Int = 4, nWRP: Int, nWRPField: UInt16 = 0x0FFF,
    dual: Bool = false, pcrop: Bool, waits: Bool = false, manual: String
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
    self.manual = manual
  }

  /// F205, F207, F215, F217.
  static let f2 = Die(
    0x2003_6411, .cortexM3, ictr: 2, megahertz: 120, sram: 128, sram1: 112, backup: true, nWRP: 12, pcrop: false,
    manual: "RM0033")
  /// F405, F407, F415, F417.
  static let f40x = Die(
    0x1001_6413, .cortexM4F, ictr: 2, megahertz: 168, sram: 128, sram1: 112, ccm: 64, backup: true, nWRP: 12,
    pcrop: false, manual: "RM0090")
  /// F427, F429, F437, F439.
  static let f42x = Die(
    0x2001_6419, .cortexM4F, ictr: 2, megahertz: 180, sram: 192, sram1: 112, ccm: 64, backup: true, latencyBits: 4,
    sectorNumberBits: 5, nWRP: 12, dual: true, pcrop: true, waits: true, manual: "RM0090")
  /// F446.
  static let f446 = Die(
    0x1000_6421, .cortexM4F, ictr: 3, megahertz: 180, sram: 128, sram1: 112, backup: true, latencyBits: 4, nWRP: 8,
    pcrop: true, manual: "RM0390")
  /// F401xB and F401xC.
  static let f401bc = Die(
    0x1001_6423, .cortexM4F, ictr: 2, megahertz: 84, sram: 64, sram1: 64, nWRP: 6, pcrop: true, manual: "RM0368")
  /// F411.
  static let f411 = Die(
    0x1000_6431, .cortexM4F, ictr: 2, megahertz: 100, sram: 128, sram1: 128, nWRP: 8, pcrop: true, manual: "RM0383")
  /// F401xD and F401xE.
  static let f401de = Die(
    0x1001_6433, .cortexM4F, ictr: 2, megahertz: 84, sram: 96, sram1: 96, nWRP: 8, pcrop: true, manual: "RM0368")
  /// F469, F479.
  static let f469 = Die(
    0x1000_6434, .cortexM4F, ictr: 2, megahertz: 180, sram: 320, sram1: 160, ccm: 64, backup: true, latencyBits: 4,
    sectorNumberBits: 5, nWRP: 12, dual: true, pcrop: true, manual: "RM0386")
  /// F412.
  static let f412 = Die(
    0x3000_6441, .cortexM4F, ictr: 3, megahertz: 100, sram: 256, sram1: 256, nWRP: 12, pcrop: true, manual: "RM0402")
  /// F410.
  static let f410 = Die(
    0x1000_6458, .cortexM4F, ictr: 3, megahertz: 100, sram: 32, sram1: 32, nWRP: 5, nWRPField: 0x7FFF, pcrop: true,
    manual: "RM0401")
  /// F413, F423.
  static let f413 = Die(
    0x1000_6463, .cortexM4F, ictr: 3, megahertz: 100, sram: 320, sram1: 256, nWRP: 15, nWRPField: 0x7FFF, pcrop: true,
    manual: "RM0430")
}
