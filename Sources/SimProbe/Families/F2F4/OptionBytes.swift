/// The user option bytes as the flash stores them (RM0090, 3.7).
struct OptionBytes: Equatable, Sendable {
  /// The halfword at 0x1FFF_C000: RDP in 15:8, nRST_STDBY 7, nRST_STOP 6, WDG_SW 5, BFB2 4, BOR_LEV 3:2.
  var user: UInt16
  /// The halfword at 0x1FFF_C008: nWRP in 11:0 (14:0 on F413), DB1M 14, SPRMOD 15.
  var writeProtect: UInt16
  /// The halfword at 0x1FFE_C008: nWRP of bank 2's sectors in 11:0; all ones on parts without it.
  var writeProtect2: UInt16

  /// RDP that leaves the flash open.
  static let level0: UInt8 = 0xAA
  /// RDP that closes the debug port for ever.
  static let level2: UInt8 = 0xCC

  /// An erased option sector: what a power loss during option programming leaves.
  static let blank = OptionBytes(user: 0xFFFF, writeProtect: 0xFFFF, writeProtect2: 0xFFFF)

  /// A part as it leaves the factory: level 0, no brown-out level, software watchdog, nothing protected.
  static func factory(_ die: Die) -> OptionBytes {
    OptionBytes(user: 0xAAEC, writeProtect: die.writeProtectField, writeProtect2: 0x0FFF)
  }

  /// The read-protection level that RDP stands for: 0xAA is 0, 0xCC is 2, anything else 1.
  var readProtectionLevel: Int {
    switch UInt8(user >> 8) {
    case OptionBytes.level0: 0
    case OptionBytes.level2: 2
    default: 1
    }
  }

  /// WDG_SW: whether the independent watchdog waits for software to start it.
  var hasSoftwareWatchdog: Bool { user & 1 << 5 != 0 }
  /// nRST_STOP at 0: whether entering Stop resets the part.
  var resetsOnStop: Bool { user & 1 << 6 == 0 }
  /// nRST_STDBY at 0: whether entering Standby resets the part.
  var resetsOnStandby: Bool { user & 1 << 7 == 0 }
  /// BFB2: whether the part boots from bank 2.
  var bootsFromBank2: Bool { user & 1 << 4 != 0 }
  /// BOR_LEV: 3 is off, 0 the highest threshold.
  var brownOutCode: Int { Int(user >> 2 & 0b11) }
  /// DB1M: whether a 1 MiB part has two banks.
  var splitsIntoBanks: Bool { writeProtect & 1 << 14 != 0 }
  /// SPRMOD: whether the nWRP bits mean PCROP.
  var protectsReadout: Bool { writeProtect & 1 << 15 != 0 }
}

extension OptionBytes {
  /// OPTCR as these option bytes load it, without OPTLOCK and OPTSTRT.
  func optionControl(_ die: Die) -> UInt32 {
    let high = UInt32(writeProtect) << 16 & OptionBytes.controlMask(die) & 0xFFFF_0000
    return high | UInt32(user) & OptionBytes.controlMask(die) & 0xFFFC
  }

  /// OPTCR1 as these option bytes load it.
  func optionControl1() -> UInt32 {
    UInt32(writeProtect2 & 0x0FFF) << 16
  }

  /// The option bytes that OPTCR and OPTCR1 stand for.
  ///
  /// Bits that the part does not have are stored as 0 in the first halfword and as they are in the second: the
  /// registers read them back in the same way.
  init(optionControl: UInt32, optionControl1: UInt32, die: Die) {
    let masked = optionControl & OptionBytes.controlMask(die)
    user = UInt16(truncatingIfNeeded: masked & 0xFFFC)
    writeProtect = UInt16(truncatingIfNeeded: masked >> 16)
    writeProtect2 = die.hasSecondBankRegisters ? UInt16(truncatingIfNeeded: optionControl1 >> 16 & 0x0FFF) : 0x0FFF
  }

  /// The bits of OPTCR that hold option bytes, for a part.
  static func controlMask(_ die: Die) -> UInt32 {
    var mask: UInt32 = 0x0000_FFEC | UInt32(die.writeProtectField) << 16
    if die.hasSecondBankRegisters { mask |= 1 << 4 | 1 << 30 }
    if die.hasReadoutProtectedSectors { mask |= 1 << 31 }
    return mask
  }

  /// The sectors that cannot be erased or programmed, as bits by position in the map.
  ///
  /// With SPRMOD set the meaning of the nWRP bits inverts (RM0090, 3.7.5). A bit of a part that covers more than one
  /// sector is F413's bit 14, for sectors 14 and 15 (RM0430, 3.8).
  func protectedSectors(in map: SectorMap, die: Die) -> UInt32 {
    var protected: UInt32 = 0
    for (position, sector) in map.sectors.enumerated() {
      let inBank = sector.bank == 0 ? sector.number : sector.number - 12
      let field = sector.bank == 0 ? writeProtect : writeProtect2
      let bit = sector.bank == 0 ? min(inBank, die.writeProtectBits - 1) : inBank
      let isOne = field & 1 << UInt16(bit) != 0
      let actsInverted = die.hasReadoutProtectedSectors && protectsReadout
      if isOne == actsInverted { protected |= 1 << UInt32(position) }
    }
    return protected
  }
}
