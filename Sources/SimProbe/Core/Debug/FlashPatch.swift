/// The flash patch and breakpoint unit, version 1: six instruction and two literal comparators (ARMv7-M, C1.11).
///
/// Comparators match the code region only, addresses below 0x2000_0000. The registers outlive a system reset.
struct FlashPatch {
  /// How many comparators match instruction fetches.
  static let instructionComparators = 6
  /// How many comparators match literal loads; they follow the others.
  static let literalComparators = 2

  /// FP_CTRL.ENABLE.
  private(set) var isEnabled = false
  /// FP_REMAP bits 28:5.
  private(set) var remap: UInt32 = 0
  /// FP_COMP0 to FP_COMP7.
  private(set) var comparators = [UInt32](repeating: 0, count: instructionComparators + literalComparators)

  /// RMPSPT: remapping exists.
  private static let remapSupported: UInt32 = 1 << 29
  /// FP_CTRL.KEY: a write without it does nothing.
  private static let key: UInt32 = 1 << 1

  /// Whether some instruction comparator can match.
  var isArmed: Bool {
    isEnabled && comparators.prefix(Self.instructionComparators).contains { $0 & 1 != 0 }
  }

  /// Whether some literal comparator can match.
  var patchesLiterals: Bool {
    isEnabled && comparators.suffix(Self.literalComparators).contains { $0 & 1 != 0 }
  }

  /// Where a load from an address really goes: a literal comparator moves its word to the patch table.
  func literalAddress(_ address: UInt32) -> UInt32 {
    guard patchesLiterals, address < 0x2000_0000 else { return address }
    for index in Self.instructionComparators..<comparators.count
    where comparators[index] & 1 != 0 && comparators[index] & 0x1FFF_FFFC == address & ~3 {
      return (Self.sramBase | remap) + UInt32(index) * 4 + (address & 3)
    }
    return address
  }

  /// Reads the word at an offset.
  func read(_ offset: UInt32) -> UInt32 {
    switch offset {
    case 0x00:
      return UInt32(Self.literalComparators << 8 | Self.instructionComparators << 4) | (isEnabled ? 1 : 0)
    case 0x04: return Self.remapSupported | remap
    case 0x08..<0x28: return comparators[Int(offset - 8) / 4]
    default: return 0
    }
  }

  /// Writes the word at an offset.
  mutating func write(_ offset: UInt32, _ value: UInt32) {
    switch offset {
    case 0x00:
      if value & Self.key != 0 { isEnabled = value & 1 != 0 }
    case 0x04: remap = value & 0x1FFF_FFE0
    case 0x08..<0x28:
      let index = Int(offset - 8) / 4
      // REPLACE (31:30) exists in the instruction comparators only.
      comparators[index] = value & (index < Self.instructionComparators ? 0xDFFF_FFFD : 0x1FFF_FFFD)
    default: break
    }
  }

  /// What the unit does to an instruction fetch.
  enum Match: Equatable {
    /// The instruction at this halfword is a breakpoint.
    case breakpoint
    /// The word is fetched from here instead.
    case remapped(UInt32)
  }

  /// Looks an instruction's halfword address up.
  func match(_ address: UInt32) -> Match? {
    guard isEnabled, address < 0x2000_0000 else { return nil }
    for (index, comparator) in comparators.prefix(Self.instructionComparators).enumerated()
    where comparator & 1 != 0 && comparator & 0x1FFF_FFFC == address & 0x1FFF_FFFC {
      let isUpperHalf = address & 2 != 0
      switch comparator >> 30 {
      case 0: return .remapped((Self.sramBase | remap) + UInt32(index) * 4)
      case 1: if !isUpperHalf { return .breakpoint }
      case 2: if isUpperHalf { return .breakpoint }
      default: return .breakpoint
      }
    }
    return nil
  }

  /// Where remapped words live: FP_REMAP counts from the SRAM region's start.
  private static let sramBase: UInt32 = 0x2000_0000
}
