import Basics

/// The instructions by which a core that goes on within a range of addresses can leave it.
struct RangeExits: Sendable, Equatable {
  /// Where they stand: each is executed by itself, and then looked where the core is.
  ///
  /// The range's end is one if it can be reached without a branch.
  var places: Set<UInt32>

  /// The longest range that is looked at, in bytes: lines are shorter.
  static let mostBytes = 2048

  /// Follows all ways from where the core stands.
  ///
  /// - Parameters:
  ///   - range: the range, whose code is `code`.
  ///   - start: where the core stands.
  /// - Returns: nil where a way leads past what is known of the code.
  init?(_ range: Range<UInt32>, code: [UInt8], from start: UInt32) {
    guard range.contains(start), start & 1 == 0, code.count >= range.count else { return nil }
    places = []
    var seen: Set<UInt32> = []
    // Behind IT every instruction may be left out, a branch too.
    var conditional: Set<UInt32> = []
    var ahead = [start]
    while let place = ahead.popLast() {
      guard seen.insert(place).inserted else { continue }
      guard range.contains(place) else {
        places.insert(place)
        continue
      }
      let offset = Int(place - range.lowerBound)
      guard offset + 2 <= code.count else { return nil }
      let first = code.littleEndianHalfword(at: offset)
      let second = offset + 4 <= code.count ? code.littleEndianHalfword(at: offset + 2) : 0
      let flow = ThumbFlow(first, second, at: place)
      let next = place &+ flow.byteCount
      let goesOn = flow.goesOn || conditional.contains(place)
      if first >> 8 == 0xBF, first & 15 != 0 {
        conditional.formUnion(RangeExits.block(of: first, from: next, code, range))
      }
      if flow.isOpen || flow.target.map({ !range.contains($0) }) ?? false {
        places.insert(place)
        // It is executed by itself, and where the core is then begins a new look, but within the range it may go on.
        if goesOn { ahead.append(next) }
        if let target = flow.target, range.contains(target) { ahead.append(target) }
        continue
      }
      if goesOn { ahead.append(next) }
      if let target = flow.target { ahead.append(target) }
    }
  }

  /// The instructions that an IT is about: one to four.
  private static func block(
    of instruction: UInt16, from start: UInt32, _ code: [UInt8], _ range: Range<UInt32>
  ) -> [UInt32] {
    var places: [UInt32] = []
    var place = start
    for _ in 0..<4 - (instruction & 15).trailingZeroBitCount {
      places.append(place)
      let offset = Int(place - range.lowerBound)
      guard offset + 2 <= code.count else { break }
      place += ThumbFlow(code.littleEndianHalfword(at: offset), 0, at: place).byteCount
    }
    return places
  }
}
