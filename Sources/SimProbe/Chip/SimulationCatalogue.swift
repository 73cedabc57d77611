/// A chip that can be simulated.
public struct SimulatedChip: Sendable, Equatable {
  /// The name to ask for: "stm32f207zg"; the pin letter is one of several for most chips.
  public let name: String
  /// The names for all packages that the chip is sold in.
  public let names: [String]
  /// The name that fits every package: "STM32F207xG".
  public let family: String
  /// The processor.
  public let core: String
  /// The main flash in KiB.
  public let flashKilobytes: Int
  /// The RAM in KiB, core-coupled memory included.
  public let ramKilobytes: Int
  /// The highest processor clock in MHz.
  let maximumMegahertz: Int
  /// The reference manual.
  let manual: String
}

/// A board that can be simulated.
public struct SimulatedBoard: Sendable, Equatable {
  /// The name to ask for: "nucleo-f207zg".
  public let name: String
  /// The name on the box.
  public let product: String
  /// ST's number on the printed circuit board; nil for a board of no make.
  let circuitBoard: String?
  /// The name of the chip on it.
  public let chip: String
  /// The profile of the probe on it: "v2", "v2-1" or "v3".
  public let probeProfile: String
}

extension Simulation {
  /// Chips of other families, by name and by what is printed on them, whose identity can be simulated and nothing else.
  public static var foreignChips: [(name: String, product: String)] { ForeignChip.all.map { ($0.name, $0.product) } }

  /// Every chip that can be simulated, by line and flash size.
  public static var chips: [SimulatedChip] {
    ChipCatalogue.variants.map { variant in
      let names = variant.pinLetters.map { ChipModel(variant: variant, pinLetter: $0).name }
      let ram = variant.sramRanges.reduce(0) { $0 + $1.count } >> 10 + Int(variant.die.coupledKilobytes)
      return SimulatedChip(
        name: names.last ?? variant.name.lowercased(), names: names, family: variant.name, core: variant.die.core.name,
        flashKilobytes: Int(variant.flashByteCount >> 10), ramKilobytes: ram,
        maximumMegahertz: variant.die.maximumMegahertz, manual: variant.die.manual)
    }
  }

  /// Every board that can be simulated.
  public static var boards: [SimulatedBoard] {
    BoardModel.catalogue.map {
      SimulatedBoard(
        name: $0.name, product: $0.product, circuitBoard: $0.circuitBoard, chip: $0.chip,
        probeProfile: $0.probeProfile)
    }
  }
}
