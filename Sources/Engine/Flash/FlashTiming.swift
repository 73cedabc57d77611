/// How long the flash takes.
///
/// Limits are the data sheets' maxima ("memory characteristics", DS8626 tables 39 to 41 and DS9405; the same figures
/// hold for all lines); for x64 they have none, and that of x32 is taken, which is slower. Expected times are those of
/// measured parts (F407 and F429, x32): 0.87 to 0.97 of the data sheets' typical values for a sector, 1.05 for a bank;
/// other widths by the same shares.
struct FlashTiming {
  /// Usual and longest time of one operation.
  struct Bounds: Equatable {
    var typical: Duration
    var maximum: Duration

    init(_ typical: Int, _ maximum: Int) {
      self.typical = .milliseconds(typical)
      self.maximum = .milliseconds(maximum)
    }

    init(typical: Duration, maximum: Duration) {
      self.typical = typical
      self.maximum = maximum
    }
  }

  /// One programming access of any width; measured parts take the typical time.
  static let accessTypical = Duration.microseconds(16)
  static let accessMaximum = Duration.microseconds(100)

  /// The programming of so many bytes, one access after the other.
  static func program(byteCount: Int, _ parallelism: Parallelism) -> Bounds {
    let accesses = byteCount / parallelism.byteCount
    return Bounds(typical: accessTypical * accesses, maximum: accessMaximum * accesses)
  }

  /// The margin on every limit for the transfers and the polling between.
  static let margin = Duration.milliseconds(200)

  /// When an operation that may take `maximum` is given up: a quarter above it, for a chip's clock and ours differ, and
  /// data sheets are made of many parts and not of this one.
  static func patience(_ maximum: Duration) -> Duration { maximum + maximum / 4 + margin }

  /// The erase of a sector, by its size in KiB.
  private static let sectorErase: [Int: [Parallelism: Bounds]] = [
    16: [.x8: Bounds(360, 800), .x16: Bounds(270, 600), .x32: Bounds(220, 500), .x64: Bounds(207, 500)],
    64: [.x8: Bounds(1080, 2400), .x16: Bounds(630, 1400), .x32: Bounds(530, 1100), .x64: Bounds(441, 1100)],
    128: [.x8: Bounds(1800, 4000), .x16: Bounds(1170, 2600), .x32: Bounds(970, 2000), .x64: Bounds(788, 2000)],
  ]

  /// The erase of a bank of 1 MiB; smaller ones take their share, two banks at once no longer than one.
  private static let bankErase: [Parallelism: Bounds] = [
    .x8: Bounds(16_800, 32_000), .x16: Bounds(11_550, 22_000), .x32: Bounds(8_400, 16_000),
    .x64: Bounds(7_245, 16_000),
  ]

  static func erase(_ sector: Sector, _ parallelism: Parallelism) -> Bounds {
    sectorErase[sector.byteCount / 1024]?[parallelism] ?? Bounds(2000, 4000)
  }

  /// The erase of whole banks; the limit is never less than the data sheet gives the sectors one by one.
  static func massErase(_ map: SectorMap, _ parallelism: Parallelism) -> Bounds {
    var bounds = bankErase[parallelism] ?? Bounds(16_000, 32_000)
    // The data sheets of the dual-bank parts give the time of a whole 1 MiB for a bank, whatever its size.
    guard map.layout == .singleBank else { return bounds }
    let kibibytes = map.byteCount / 1024
    bounds.typical = bounds.typical * kibibytes / 1024
    let oneByOne = map.sectors.reduce(.zero) { $0 + erase($1, parallelism).maximum }
    bounds.maximum = max(bounds.maximum * kibibytes / 1024, oneByOne)
    return bounds
  }
}
