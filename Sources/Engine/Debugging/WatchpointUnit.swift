import Basics

/// The comparators of the DWT as a debugger uses them (ARMv7-M, C1.8).
///
/// The unit is there while DEMCR.TRCENA is set; whoever uses it sees to that.
struct WatchpointUnit {
  /// The most address bits that a comparator can leave out: 32 KiB.
  static let mostBits: UInt32 = 15
  private static let control: UInt32 = 0xE000_1000
  private static let base: UInt32 = 0xE000_1020
  private static let stride: UInt32 = 16
  /// FUNCTION.MATCHED; falls when it is read.
  private static let matched: UInt32 = 1 << 24

  private struct Comparator: Equatable {
    var address: UInt32
    var bits: UInt32
    var function: UInt32
  }

  private let access: any DebugAccess
  /// How many there are: DWT_CTRL.NUMCOMP; nil before it was asked.
  private var capacity: Int?
  /// What the chip's comparators hold; nil where that is not known.
  private var written: [Comparator?]?
  /// Which watchpoint each comparator is a piece of.
  private var owners: [Watchpoint?] = []

  init(_ access: any DebugAccess) { self.access = access }

  /// How many comparators there are.
  mutating func size() throws(DebugError) -> Int {
    if let capacity { return capacity }
    let count = Int(try access.readWord(at: WatchpointUnit.control) >> 28)
    capacity = count
    return count
  }

  /// The chip may hold something else than what was written.
  mutating func forget() { written = nil }

  /// Whether nothing of ours is in the chip, as far as is known.
  var isClear: Bool { written.map { $0.allSatisfy { $0 == nil } } ?? false }

  /// Has the chip stop at these and at nothing else; there must be room for them.
  mutating func apply(_ watchpoints: [Watchpoint]) throws(DebugError) {
    var wanted: [Comparator?] = []
    owners = []
    for watchpoint in watchpoints {
      for piece in watchpoint.pieces {
        wanted.append(
          Comparator(address: piece.address, bits: piece.bits, function: WatchpointUnit.function(watchpoint.access)))
        owners.append(watchpoint)
      }
    }
    let size = try size()
    while wanted.count < size { wanted.append(nil) }
    let known = written
    written = nil
    for (index, comparator) in wanted.enumerated() where known == nil || known?[index] != comparator {
      let place = WatchpointUnit.base + WatchpointUnit.stride * UInt32(index)
      // It compares nothing while its address changes.
      try access.writeWord(0, at: place + 8)
      guard let comparator else { continue }
      try access.writeWord(comparator.address, at: place)
      try access.writeWord(comparator.bits, at: place + 4)
      try access.writeWord(comparator.function, at: place + 8)
    }
    written = wanted
  }

  /// The watchpoint that has seen an access since the last time; nil where the unit names none.
  func hit() throws(DebugError) -> Watchpoint? {
    var found: Watchpoint?
    for (index, owner) in owners.enumerated() {
      // Every one is read, so that none tells the next time of an access of now.
      let place = WatchpointUnit.base + WatchpointUnit.stride * UInt32(index) + 8
      if try access.readWord(at: place) & WatchpointUnit.matched != 0 { found = found ?? owner }
    }
    return found
  }

  /// FUNCTION for a debug event on data addresses.
  private static func function(_ access: Watchpoint.Access) -> UInt32 {
    switch access {
    case .read: 5
    case .write: 6
    case .any: 7
    }
  }
}
