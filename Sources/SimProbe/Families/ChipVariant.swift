/// One row of the catalogue: a line, a flash size, and the packages that this pair is sold in.
struct ChipVariant: Equatable, Sendable {
  /// The line without the prefix: "F207".
  let line: String
  /// The letter that stands for the flash size in an order code.
  let sizeLetter: Character
  /// The letters that stand for the pin count in an order code, one for each package family on sale.
  let pinLetters: String
  /// The die it is made from.
  let die: Die
  /// SRAM1 in KiB where it differs from the die's (F205xB and F205xC); nil else.
  let sram1KilobytesOverride: UInt32?

  /// The sizes in KiB that order codes have letters for (all data sheets, "Ordering information").
  static let flashKilobytes: [Character: UInt32] = [
    "8": 64, "B": 128, "C": 256, "D": 384, "E": 512, "F": 768, "G": 1024, "H": 1536, "I": 2048,
  ]

  init(_ line: String, _ sizeLetter: Character, _ pinLetters: String, _ die: Die, sram1: UInt32? = nil) {
    self.line = line
    self.sizeLetter = sizeLetter
    self.pinLetters = pinLetters
    self.die = die
    sram1KilobytesOverride = sram1
  }

  /// The family's facts.
  var family: ChipFamily { die.family }

  /// The main flash's size in bytes.
  var flashByteCount: UInt32 { ChipVariant.flashKilobytes[sizeLetter, default: 0] << 10 }

  /// The RAM at 0x2000_0000 and above, without gaps merged: one range, or two where a smaller SRAM1 leaves a hole.
  var sramRanges: [Range<UInt32>] {
    let start = family.memory.sramBase
    let sram2 = start + die.sram1Kilobytes << 10
    let end = start + die.sramKilobytes << 10
    guard let sram1 = sram1KilobytesOverride else { return [start..<end] }
    return [start..<start + sram1 << 10, sram2..<end]
  }

  /// The core-coupled memory's range; nil where there is none.
  var coupledMemoryRange: Range<UInt32>? {
    guard die.coupledKilobytes > 0 else { return nil }
    let start = family.memory.coupledBase
    return start..<start + die.coupledKilobytes << 10
  }

  /// Whether OPTCR.DB1M splits this part's flash into two banks: 1 MiB parts with a second bank's registers.
  var canSplitIntoBanks: Bool { die.hasSecondBankRegisters && flashByteCount == 1 << 20 }

  /// The sectors, for a setting of OPTCR.DB1M; parts on which the bit does nothing ignore it.
  func sectorMap(splitIntoBanks: Bool) -> SectorMap {
    let isDual = flashByteCount == 2 << 20 || canSplitIntoBanks && splitIntoBanks
    return SectorMap(family.sectors, flashByteCount: flashByteCount, bankCount: isDual ? 2 : 1)
  }

  /// A name that fits every package: "STM32F207xG".
  var name: String { "STM32\(line)x\(sizeLetter)" }
}
