/// What the chips of one family have in common and another family has otherwise: where things lie, how the flash is cut,
/// how it is unlocked and how long it takes, and which peripherals there are.
///
/// What differs between the dies of a family stands in `Die`. Outside of this folder nothing names an address of a
/// family, or a die.
final class ChipFamily: Sendable {
  /// The name that its parts share.
  let name: String
  /// Where things lie.
  let memory: MemoryMap
  /// How the flash is cut into sectors.
  let sectors: SectorPattern
  /// The key words that open FLASH_CR, and those that open FLASH_OPTCR.
  let controlKeys: KeyLock.Keys
  let optionKeys: KeyLock.Keys
  /// How long flash operations take.
  let flashTimes: FlashTimes
  /// The power reset's thresholds, by BOR_LEV.
  let brownOut: [SupplyThreshold]
  /// Where the peripherals are, and their interrupts.
  let peripherals: PeripheralPlaces

  init(
    name: String, memory: MemoryMap, sectors: SectorPattern, controlKeys: KeyLock.Keys, optionKeys: KeyLock.Keys,
    flashTimes: FlashTimes, brownOut: [SupplyThreshold], peripherals: PeripheralPlaces
  ) {
    self.name = name
    self.memory = memory
    self.sectors = sectors
    self.controlKeys = controlKeys
    self.optionKeys = optionKeys
    self.flashTimes = flashTimes
    self.brownOut = brownOut
    self.peripherals = peripherals
  }
}

extension ChipFamily: Equatable {
  static func == (left: ChipFamily, right: ChipFamily) -> Bool { left === right }
}

extension ChipFamily {
  /// The addresses at which the largest main flash of any family lies.
  static let flashAddresses: ClosedRange<Int> = {
    let ranges = ChipCatalogue.variants.map { variant -> ClosedRange<Int> in
      let start = Int(variant.family.memory.flashBase)
      return start...start + Int(variant.flashByteCount) - 1
    }
    let (low, high) = (ranges.map(\.lowerBound).min() ?? 0, ranges.map(\.upperBound).max() ?? 0)
    return low...high
  }()
}
