/// A source line that GDB has the core go through, piece by piece.
///
/// GDB asks for each row of the line table by itself, and in a loop within one line again and again, a round trip for every
/// few instructions. A core that has left one piece for the next, which GDB then asks to be gone through without having
/// asked for the threads, is still in the same line: from then on both are gone through at once. Where GDB has told its
/// user of a stop it has asked for the threads (GDB's `normal_stop`), and whatever else it says begins something new, too.
struct SteppedLine {
  private var range: Range<UInt32>?

  /// The piece that GDB asks for, with what it has shown to belong to it.
  func extended(by piece: Range<UInt32>) -> Range<UInt32> {
    guard let range, range.lowerBound <= piece.upperBound, piece.lowerBound <= range.upperBound else { return piece }
    return min(range.lowerBound, piece.lowerBound)..<max(range.upperBound, piece.upperBound)
  }

  /// The core goes through a range.
  mutating func hasGoneThrough(_ range: Range<UInt32>) { self.range = range }

  /// GDB has asked for something else.
  mutating func forget() { range = nil }

  /// Whether GDB may still be in the midst of a line after it has said this: it reads registers or memory, or goes on within
  /// a range.
  static func goesOn(after payload: [UInt8]) -> Bool {
    guard let first = payload.first else { return false }
    return "gpmx".utf8.contains(first) || payload.starts(with: Array("vCont;r".utf8))
  }
}
