/// What the chips of one family have in common and another family has otherwise: where things lie, how the flash is cut
/// into sectors and how long it takes, what may be read and written twice, and the program that works in their RAM.
///
/// What differs between the dies of a family stands in `Die`. Nothing outside of this folder names an address of a
/// family, or a die; the registers of a family and its catalogue stand in a folder of their own here.
public final class ChipFamily: Sendable {
  /// Where things lie.
  let memory: MemoryMap
  /// How the flash is cut into sectors.
  let sectors: SectorPattern
  /// How long the flash takes.
  let timing: FlashTiming
  /// The loader that runs in a target's RAM, as machine words.
  let loader: [UInt32]
  /// The registers of the chip that reading leaves as they are.
  let registersReadableTwice: [Range<UInt32>]
  /// The registers of the chip that hold what is written.
  let registersWritableTwice: [Range<UInt32>]
  /// The registers of the flash controller by which option bytes are changed.
  let optionRegisters: [Range<UInt32>]

  init(
    memory: MemoryMap, sectors: SectorPattern, timing: FlashTiming, loader: [UInt32],
    registersReadableTwice: [Range<UInt32>], registersWritableTwice: [Range<UInt32>], optionRegisters: [Range<UInt32>]
  ) {
    self.memory = memory
    self.sectors = sectors
    self.timing = timing
    self.loader = loader
    self.registersReadableTwice = registersReadableTwice
    self.registersWritableTwice = registersWritableTwice
    self.optionRegisters = optionRegisters
  }

  /// The family of a chip that nobody has asked yet, as while a file is read: the only one.
  ///
  /// With a second family, whoever uses this has to ask for what may be true of any of them.
  public static let presumed = f2f4
}

extension ChipFamily: Equatable {
  /// A family is itself only.
  public static func == (left: ChipFamily, right: ChipFamily) -> Bool { left === right }
}
