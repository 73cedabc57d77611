/// How the chip's option bytes are set.
extension FaultKind {
  static let protection: [FaultKind] = [
    FaultKind(
      "watchdog-hardware", .firmware,
      broken: "The option byte WDG_SW is 0: the independent watchdog starts with every reset.",
      visible: "A chip whose firmware does not reload it is reset every 512 ms, unless the core is halted and DBGMCU "
        + "freezes the watchdog.",
      origin: "CMSIS flash loaders test WDG_SW; RM0090, 3.6.1",
      like: .watchdog, effect: .contents { chip, _ in chip.flash.storedOptions.user &= ~(1 << 5) }),
    FaultKind(
      "rdp1", .firmware,
      broken: "Read protection level 1 is set.",
      visible: "Registers and RAM work; reading the flash is a bus error, erasing and programming set WRPERR.",
      origin: "SparkFun forum 27059 (\"Device Security Bit Set\"); RM0090, 3.6.3",
      like: .readProtected, effect: .contents { chip, _ in chip.flash.setReadProtection(0x55) }),
    FaultKind(
      "rdp2", .firmware,
      broken: "Read protection level 2 is set: the debug port is shut for ever.",
      visible: "ENTER answers 09, under reset too.",
      origin: "RM0090, 3.6.3",
      like: .silentWire, effect: .contents { chip, _ in chip.flash.setReadProtection(OptionBytes.level2) }),
    FaultKind(
      "options-erased", .firmware,
      broken: "A power cut while the option bytes were programmed has left them erased.",
      visible: "RDP 0xFF, which is level 1; on parts with PCROP SPRMOD with every sector marked as well.",
      origin: "ST community (F429 after a cut in an option write); RM0090, 3.7.2",
      like: .readProtected, effect: .contents { chip, _ in chip.flash.storedOptions = .blank }),
    FaultKind(
      "write-protected", .firmware, FaultParameter("sector", "", 0...23, usual: 0),
      broken: "A sector is write-protected by its nWRP bit.",
      visible: "OPTCR shows it; erasing and programming it set WRPERR.",
      origin: "an F205 in service (0, 5 to 8); specter-diy issue 193 (F469)",
      like: .writeProtected, unless: { $0.lacks(sector: $1) },
      effect: .contents { $0.flash.protect(sector: $1, asReadout: false) }),
    FaultKind(
      "pcrop", .firmware, FaultParameter("sector", "", 0...23, usual: 0),
      broken: "A sector is protected against being read as data (PCROP, SPRMOD = 1).",
      visible: "OPTCR shows it; reading it gives zeros and RDERR, erasing and programming it set WRPERR.",
      origin: "RM0402, 3.7; RM0090, 3.7.5",
      like: .readoutProtected,
      unless: { $0.lacks(sector: $1) ?? ($0.chip.die.hasReadoutProtectedSectors ? nil : "the chip has no PCROP") },
      effect: .contents { $0.flash.protect(sector: $1, asReadout: true) }),
  ]
}

extension SimulationParts {
  /// Why a fault of a sector is impossible; nil where the chip has the sector.
  func lacks(sector number: Int) -> String? {
    let numbers = chip.variant.sectorMap(splitIntoBanks: false).sectors.map(\.number)
    guard !numbers.contains(number) else { return nil }
    return "the chip has no sector \(number), its last one is \(numbers.max() ?? 0)"
  }
}

extension FlashInterface {
  /// Stores a value of the RDP byte.
  fileprivate func setReadProtection(_ level: UInt8) {
    storedOptions.user = storedOptions.user & 0x00FF | UInt16(level) << 8
  }

  /// Stores the protection of one sector; with SPRMOD set a bit that is 1 protects, and the others go to 0.
  fileprivate func protect(sector number: Int, asReadout: Bool) {
    let isSecondBank = map.sectors.contains { $0.number == number && $0.bank == 1 }
    let bit = UInt16(1) << UInt16(isSecondBank ? number - 12 : min(number, variant.die.writeProtectBits - 1))
    if asReadout {
      storedOptions.writeProtect = storedOptions.writeProtect & 1 << 14 & ~variant.die.writeProtectField | 1 << 15
      storedOptions.writeProtect2 = 0
      if isSecondBank { storedOptions.writeProtect2 = bit } else { storedOptions.writeProtect |= bit }
    } else if isSecondBank {
      storedOptions.writeProtect2 &= ~bit
    } else {
      storedOptions.writeProtect &= ~bit
    }
  }
}
