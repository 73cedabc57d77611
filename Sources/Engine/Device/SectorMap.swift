/// How the main flash is cut into banks and sectors.
///
/// Every bank repeats one pattern: four sectors of 16 KiB, one of 64 KiB, then 128 KiB each to the end. All starts are
/// computed from it.
public struct SectorMap: Sendable, Equatable {
  /// How many banks there are and how their sectors are numbered.
  public enum Layout: String, Sendable {
    /// One bank, sectors numbered through (F413/423 up to 15).
    case singleBank
    /// Two banks of equal size; bank 2 begins with sector 12.
    case dualBank
  }

  /// A stretch of sectors of one size.
  struct Run: Equatable {
    var count: Int
    var byteCount: UInt32
  }

  /// The pattern at the start of each bank (RM0090, table 5); what follows it is cut into `tailByteCount`.
  static let pattern = [Run(count: 4, byteCount: 16 * 1024), Run(count: 1, byteCount: 64 * 1024)]
  /// The size of every sector after the pattern.
  static let tailByteCount: UInt32 = 128 * 1024
  /// The number of the first sector of bank 2, whatever the size of bank 1.
  static let firstNumberOfBank2 = 12
  /// What SNB has for the first sector of bank 2.
  static let firstSelectionOfBank2: UInt32 = 0b10000
  /// The last nWRP bit of one register that F413/423 have; it covers all sectors from its own number on.
  static let lastProtectionBit = 14

  /// The layout.
  public let layout: Layout
  /// All sectors by rising address.
  public let sectors: [Sector]

  /// Cuts a flash of `byteCount` bytes into sectors.
  ///
  /// - Returns: nil when the size does not end on a sector's end, or needs more sectors than CR.SNB can select
  ///   (16 in a single bank, 12 in each of two).
  public init?(byteCount: Int, layout: Layout) {
    let bankCount = layout == .dualBank ? 2 : 1
    let sectorLimit = layout == .dualBank ? SectorMap.firstNumberOfBank2 : 16
    guard byteCount > 0, byteCount.isMultiple(of: bankCount) else { return nil }
    guard let sizes = SectorMap.sizes(ofBank: byteCount / bankCount), sizes.count <= sectorLimit else { return nil }
    var sectors: [Sector] = []
    var start = FixedArea.flashStart
    for bank in 1...bankCount {
      for (position, size) in sizes.enumerated() {
        let isFirstBank = bank == 1
        sectors.append(
          Sector(
            number: isFirstBank ? position : SectorMap.firstNumberOfBank2 + position, bank: bank,
            range: start..<start + size,
            selection: (isFirstBank ? 0 : SectorMap.firstSelectionOfBank2) + UInt32(position),
            protectionBit: min(position, SectorMap.lastProtectionBit)))
        start += size
      }
    }
    self.layout = layout
    self.sectors = sectors
  }

  /// All of the main flash.
  public var range: Range<UInt32> {
    FixedArea.flashStart..<(sectors.last?.range.upperBound ?? FixedArea.flashStart)
  }

  /// The size of the main flash in bytes.
  public var byteCount: Int { range.count }

  /// How many banks there are: 1 or 2.
  public var bankCount: Int { layout == .dualBank ? 2 : 1 }

  /// The sectors that share at least one byte with a range.
  public func sectors(touching range: Range<UInt32>) -> [Sector] {
    sectors.filter { $0.range.overlaps(range) }
  }

  /// The sector that holds an address; nil outside the flash.
  public func sector(at address: UInt32) -> Sector? {
    sectors.first { $0.range.contains(address) }
  }

  /// The sector with a number; nil when this map has none (8 to 11 in dual-bank mode of a 1 MiB part).
  public func sector(number: Int) -> Sector? {
    sectors.first { $0.number == number }
  }

  /// Whether two maps of different sizes cut what both of them have into the same sectors.
  func agrees(with other: SectorMap) -> Bool {
    let end = min(range.upperBound, other.range.upperBound)
    let common = { (map: SectorMap) in map.sectors.filter { $0.range.lowerBound < end } }
    return common(self) == common(other)
  }

  /// The sizes of a bank's sectors; nil when they do not add up to the bank.
  private static func sizes(ofBank byteCount: Int) -> [UInt32]? {
    var rest = byteCount
    var sizes: [UInt32] = []
    for run in pattern {
      for _ in 0..<run.count where rest > 0 {
        sizes.append(run.byteCount)
        rest -= Int(run.byteCount)
      }
    }
    while rest > 0 {
      sizes.append(tailByteCount)
      rest -= Int(tailByteCount)
    }
    return rest == 0 ? sizes : nil
  }
}
