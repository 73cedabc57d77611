/// The flash's cells.
extension FaultKind {
  static let cells: [FaultKind] = [
    FaultKind(
      "cell-stuck-0", .chip, FaultParameter.cell,
      broken: "One cell, bit 0 of the byte at the address, always reads 0.",
      visible: "No flag: the bit is 0 after an erase.",
      origin: "worn and damaged parts; RM0090 has no ECC to hide it",
      like: .wrongBits, unless: { $0.lacks(address: $1) },
      effect: .event { simulation, argument in
        simulation.damageCells { $0.stuckLow[argument - flashStart] = 1 }
      }),
    FaultKind(
      "cell-stuck-1", .chip, FaultParameter.cell,
      broken: "One cell, bit 0 of the byte at the address, always reads 1.",
      visible: "No flag: the bit is 1 after programming.",
      origin: "worn and damaged parts; RM0090 has no ECC to hide it",
      like: .wrongBits, unless: { $0.lacks(address: $1) },
      effect: .event { simulation, argument in
        simulation.damageCells { $0.stuckHigh[argument - flashStart] = 1 }
      }),
    FaultKind(
      "sector-dead", .chip, FaultParameter("sector", "", 0...23, usual: 0),
      broken: "A sector keeps its contents when it is erased.",
      visible: "The erase takes its time and ends without a flag; nothing has changed.",
      origin: "ST community 410449 (F405, sectors 4 to 6)",
      like: .wrongBits, unless: { $0.lacks(sector: $1) },
      effect: .event { simulation, argument in
        simulation.damageCells { $0.deadSectors.insert(argument) }
      }),
    FaultKind(
      "sector-worn", .chip, FaultParameter("sector", "", 0...23, usual: 0),
      broken: "A sector is worn out: an erase misses about one cell in eight.",
      visible: "The erase ends without a flag, and bits are still 0; fewer after each further erase.",
      origin: "data sheets: 10,000 erases",
      like: .wrongBits, unless: { $0.lacks(sector: $1) },
      effect: .event { simulation, argument in
        simulation.damageCells { $0.wornSectors.insert(argument) }
      }),
    FaultKind(
      "options-dead", .chip,
      broken: "The option bytes keep what they hold when they are rewritten.",
      visible: "OPTSTRT takes its time and ends without a flag; what the next reset loads is what it was.",
      origin: "worn and damaged parts; RM0090 has no flag for it",
      like: .unnoticed,
      effect: .event { simulation, _ in simulation.damageCells { $0.holdsOptions = true } }),
    FaultKind(
      "erase-slow", .chip, FaultParameter("how many times longer an erase takes", "", 2...1000, usual: 20),
      broken: "Erasing takes longer than the data sheet allows.",
      visible: "BSY stays set beyond the data sheet's maximum.",
      origin: "F407 and F401 reports of erases that never ended; RM0090, 3.6.3",
      like: .slowFlash,
      effect: .event { simulation, argument in
        simulation.damageCells { $0.slowness = UInt64(argument) }
      }),
  ]

  /// Where the main flash begins.
  private static let flashStart = ChipFamily.flashAddresses.lowerBound
}

extension FaultParameter {
  /// The address of a cell in the main flash.
  fileprivate static let cell = FaultParameter(
    "address", "", ChipFamily.flashAddresses, usual: ChipFamily.flashAddresses.lowerBound + 0x100, isAddress: true)
}

extension SimulationParts {
  /// Why a fault of a cell is impossible; nil where the chip has the address.
  fileprivate func lacks(address: Int) -> String? {
    let end = Int(chip.family.memory.flashBase + chip.variant.flashByteCount)
    return address < end ? nil : "the chip's flash ends at 0x\(String(end, radix: 16, uppercase: true))"
  }
}

extension Simulation {
  /// Damages cells, at once and for good.
  fileprivate func damageCells(_ damage: (inout FlashDefects) -> Void) {
    let flash = board.chip.flash
    var defects = flash.defects ?? FlashDefects()
    damage(&defects)
    flash.defects = defects
    defects.hold(flash.main)
  }
}
