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

  // MARK: Checking

  /// MPU_CTRL.ENABLE.
  var isEnabled: Bool { control & 1 != 0 }

  /// Whether the default memory map forbids instruction fetches (B3.1, table B3-1).
  static func isNeverExecutable(_ address: UInt32) -> Bool {
    switch address >> 29 {
    case 2, 5, 6, 7: return true
    default: return false
    }
  }

  /// Whether the enabled unit lets an access pass (B3.5.3); `negativePriority` in HardFault, NMI and under FAULTMASK.
  func allows(_ access: CoreAccess, negativePriority: Bool) -> Bool {
    // The private peripheral bus always uses the default map.
    if access.address >> 20 == 0xE00 { return !access.isFetch }
    if negativePriority && control & 2 == 0 {
      return !access.isFetch || !Self.isNeverExecutable(access.address)
    }
    guard let region = regions.last(where: { $0.contains(access.address) }) else {
      return access.isPrivileged && control & 4 != 0
        && !(access.isFetch && Self.isNeverExecutable(access.address))
    }
    if access.isFetch, region.neverExecutes || Self.isSystemSpace(access.address) { return false }
    return region.permits(isWrite: access.written != nil, isPrivileged: access.isPrivileged)
  }

  private static func isSystemSpace(_ address: UInt32) -> Bool { address >= 0xE000_0000 }
}

extension MemoryProtection.Region {
  /// Whether the region is enabled and covers an address in one of its enabled subregions.
  func contains(_ address: UInt32) -> Bool {
    guard attributes & 1 != 0 else { return false }
    let sizeBits = (attributes >> 1 & 0x1F) + 1
    guard sizeBits >= 5 else { return false }
    let isInside = sizeBits == 32 || (address ^ base) >> sizeBits == 0
    guard isInside, sizeBits >= 8 else { return isInside }
    let subregion = address >> (sizeBits - 3) & 7
    return attributes >> (8 + subregion) & 1 == 0
  }

  /// XN.
  var neverExecutes: Bool { attributes >> 28 & 1 != 0 }

  /// AP (table B3-15).
  func permits(isWrite: Bool, isPrivileged: Bool) -> Bool {
    switch attributes >> 24 & 7 {
    case 1: return isPrivileged
    case 2: return isPrivileged || !isWrite
    case 3: return true
    case 5: return isPrivileged && !isWrite
    case 6, 7: return !isWrite
    default: return false
    }
  }
}
