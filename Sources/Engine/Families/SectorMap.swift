/// How the main flash is cut into banks and sectors.
///
/// Every bank repeats the family's pattern. All starts are computed from it.
public struct SectorMap: Sendable, Equatable {
  /// How many banks there are and how their sectors are numbered.
  public enum Layout: String, Sendable {
    /// One bank, sectors numbered through.
    case singleBank
    /// Two banks of equal size; bank 2 begins with a number of its own.
    case dualBank
  }

  /// The family whose pattern it is.
  let family: ChipFamily
  /// The layout.
  public let layout: Layout
  /// All sectors by rising address.
  public let sectors: [Sector]

  /// Cuts a flash of `byteCount` bytes into sectors.
  ///
  /// - Returns: nil when the size does not end on a sector's end, or needs more sectors than the controller can select.
  public init?(family: ChipFamily, byteCount: Int, layout: Layout) {
    let pattern = family.sectors
    let bankCount = layout == .dualBank ? 2 : 1
    let sectorLimit = layout == .dualBank ? pattern.firstNumberOfBank2 : pattern.sectorLimit
    guard byteCount > 0, byteCount.isMultiple(of: bankCount) else { return nil }
    guard let sizes = pattern.sizes(ofBank: byteCount / bankCount), sizes.count <= sectorLimit else { return nil }
    var sectors: [Sector] = []
    var start = family.memory.flash.lowerBound
    for bank in 1...bankCount {
      for (position, size) in sizes.enumerated() {
        let isFirstBank = bank == 1
        sectors.append(
          Sector(
            number: isFirstBank ? position : pattern.firstNumberOfBank2 + position, bank: bank,
            range: start..<start + size,
            selection: (isFirstBank ? 0 : pattern.firstSelectionOfBank2) + UInt32(position),
            protectionBit: min(position, pattern.lastProtectionBit)))
        start += size
      }
    }
    self.family = family
    self.layout = layout
    self.sectors = sectors
  }

  /// All of the main flash.
  public var range: Range<UInt32> {
    let start = family.memory.flash.lowerBound
    return start..<(sectors.last?.range.upperBound ?? start)
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
}
