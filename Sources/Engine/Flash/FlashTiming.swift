/// How long the flash takes, from the "memory characteristics" of the data sheets (DS8626 tables 39 to 41 and DS9405;
/// the same figures hold for all lines).
///
/// Limits are the data sheet's maxima. Expected times are its typical values, of which measured parts take 0.87 to
/// 1.06. For x64 the data sheets have no maximum: that of x32 is taken, which is slower.
struct FlashTiming {
  /// Typical and longest time of one operation.
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

  /// One programming access of any width.
  static let accessTypical = Duration.microseconds(16)
  static let accessMaximum = Duration.microseconds(100)

  /// The programming of so many bytes, one access after the other.
  static func program(byteCount: Int, _ parallelism: Parallelism) -> Bounds {
    let accesses = byteCount / parallelism.byteCount
    return Bounds(typical: accessTypical * accesses, maximum: accessMaximum * accesses)
  }

  /// The margin on every limit for the transfers and the polling between.
  static let margin = Duration.milliseconds(200)

  /// The erase of a sector, by its size in KiB.
  private static let sectorErase: [Int: [Parallelism: Bounds]] = [
    16: [.x8: Bounds(400, 800), .x16: Bounds(300, 600), .x32: Bounds(250, 500), .x64: Bounds(230, 500)],
    64: [.x8: Bounds(1200, 2400), .x16: Bounds(700, 1400), .x32: Bounds(550, 1100), .x64: Bounds(490, 1100)],
    128: [.x8: Bounds(2000, 4000), .x16: Bounds(1300, 2600), .x32: Bounds(1000, 2000), .x64: Bounds(875, 2000)],
  ]

  /// The erase of a bank of 1 MiB; smaller ones take their share, two banks at once no longer than one.
  private static let bankErase: [Parallelism: Bounds] = [
    .x8: Bounds(16_000, 32_000), .x16: Bounds(11_000, 22_000), .x32: Bounds(8_000, 16_000),
    .x64: Bounds(6_900, 16_000),
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
