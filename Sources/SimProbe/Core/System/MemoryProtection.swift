/// The registers of the memory protection unit: eight regions (ARMv7-M, B3.5).
struct MemoryProtection {
  /// One region: MPU_RBAR without VALID and REGION, and MPU_RASR.
  struct Region: Equatable {
    /// The base address; its low five bits are zero.
    var base: UInt32 = 0
    /// XN, AP, TEX, S, C, B, SRD, SIZE and ENABLE.
    var attributes: UInt32 = 0
  }

  /// How many regions there are.
  static let regionCount = 8

  /// MPU_CTRL: 0 ENABLE, 1 HFNMIENA, 2 PRIVDEFENA.
  private(set) var control: UInt32 = 0
  /// MPU_RNR.
  private(set) var selected: UInt32 = 0
  /// The regions.
  private(set) var regions = [Region](repeating: Region(), count: regionCount)

  private static let attributeMask: UInt32 = 0x173F_FF3F

  /// Reads the word at an offset from 0xE000_ED90.
  func read(_ offset: UInt32) -> UInt32 {
    switch offset {
    case 0x00: return UInt32(Self.regionCount) << 8
    case 0x04: return control
    case 0x08: return selected
    case 0x0C, 0x14, 0x1C, 0x24: return regions[Int(selected)].base | selected
    case 0x10, 0x18, 0x20, 0x28: return regions[Int(selected)].attributes
    default: return 0
    }
  }

  /// Writes the word at an offset.
  mutating func write(_ offset: UInt32, _ value: UInt32) {
    switch offset {
    case 0x04: control = value & 0x7
    case 0x08: selected = value & UInt32(Self.regionCount - 1)
    case 0x0C, 0x14, 0x1C, 0x24: writeBase(value)
    case 0x10, 0x18, 0x20, 0x28: regions[Int(selected)].attributes = value & Self.attributeMask
    default: break
    }
  }

  /// With VALID (bit 4) a base address brings its own region number.
  private mutating func writeBase(_ value: UInt32) {
    if value & 0x10 != 0 { selected = value & UInt32(Self.regionCount - 1) }
    regions[Int(selected)].base = value & 0xFFFF_FFE0
  }
}
