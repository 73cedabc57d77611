/// What is wrong with the cells of a flash.
struct FlashDefects: Equatable {
  /// The bits that always read 0, by byte offset.
  var stuckLow: [Int: UInt8] = [:]
  /// The bits that always read 1, by byte offset.
  var stuckHigh: [Int: UInt8] = [:]
  /// The numbers of sectors whose cells keep their charge when they are erased.
  var deadSectors: Set<Int> = []
  /// The numbers of sectors of which an erase misses some cells.
  var wornSectors: Set<Int> = []
  /// Whether the option bytes keep what they hold when they are rewritten.
  var holdsOptions = false
  /// By how much longer an erase takes.
  var slowness: UInt64 = 1

  /// Whether an erase leaves a sector as it is.
  func holdsCharge(_ sector: FlashSector) -> Bool { deadSectors.contains(sector.number) }

  /// Whether an erase misses cells of a sector.
  func isWorn(_ sector: FlashSector) -> Bool { wornSectors.contains(sector.number) }

  /// Puts the stuck cells back to what they are stuck at.
  func hold(_ cells: MemoryRegion) {
    for (offset, bits) in stuckLow { cells.store(UInt32(cells.byte(at: offset) & ~bits), .byte, at: offset) }
    for (offset, bits) in stuckHigh { cells.store(UInt32(cells.byte(at: offset) | bits), .byte, at: offset) }
  }
}
