/// What all parts cut from one die have in common: identity, core, memories, and its variants of the flash interface and
/// of other parts.
///
/// Parts of one die answer the same DEV_ID; the line's name and the flash size are all that separates them.
struct Die: Sendable {
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
  /// What DBGMCU_IDCODE reads on early revisions that call themselves another die; nil where there are none.
  let earlyIDCode: UInt32?
  /// How fast the flash can be read.
  let waitStates: FlashWaitStates
  /// What RCC has.
  let clocks: ClockFacts
  /// What PWR has.
  let power: PowerFacts
  /// How many analog converters there are.
  let converterCount: Int
  /// The registers of the controller for external memory.
  let externalMemory: RegisterTable
  /// Which OTG FS core there is, where there is one.
  let onTheGo: OnTheGoFacts
  /// Where the random number generator is.
  let randomNumbers: PeripheralRow
  /// What ST has written into the information block.
  let factory: FactoryData
  /// The family.
  let family: ChipFamily
  /// The reference manual.
  let manual: String

  /// DBGMCU_IDCODE.DEV_ID.
  var deviceID: UInt32 { idCode & 0xFFF }
}

extension Die: Equatable {
  /// Dies are told apart by what they call themselves.
  static func == (left: Die, right: Die) -> Bool { left.idCode == right.idCode }
}
