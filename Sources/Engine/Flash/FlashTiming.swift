import Basics

/// How long the flash of a family takes.
struct FlashTiming: Sendable {
  /// Usual and longest time of one operation.
  struct Bounds: Sendable, Equatable {
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
  let accessTypical: Duration
  let accessMaximum: Duration

  /// The programming of so many bytes, one access after the other.
  func program(byteCount: Int, _ parallelism: Parallelism) -> Bounds {
    let accesses = byteCount / parallelism.byteCount
    return Bounds(typical: accessTypical * accesses, maximum: accessMaximum * accesses)
  }

  /// The margin on every limit for the transfers and the polling between.
  static let margin = Duration.milliseconds(200)

  /// When an operation that may take `maximum` is given up: a quarter above it, for a chip's clock and ours differ, and
  /// data sheets are made of many parts and not of this one.
  static func patience(_ maximum: Duration) -> Duration { maximum + maximum / 4 + margin }

  /// The erase of a sector, by its size in KiB.
  let sectorErase: [Int: [Parallelism: Bounds]]

  /// The erase of a bank of 1 MiB; smaller ones take their share, two banks at once no longer than one.
  let bankErase: [Parallelism: Bounds]

  func erase(_ sector: Sector, _ parallelism: Parallelism) -> Bounds {
    sectorErase[sector.byteCount / 1024]?[parallelism] ?? Bounds(2000, 4000)
  }

  /// The erase of whole banks; the limit is never less than the data sheet gives the sectors one by one.
  func massErase(_ map: SectorMap, _ parallelism: Parallelism) -> Bounds {
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
