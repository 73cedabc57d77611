/// The host's view of the ring: how far it has been filled and how far the loader has come.
///
/// Both are counted in bytes since the loader was started. One word always stays free: a full ring would look empty.
struct LoaderRing: Equatable {
  /// Where the ring is.
  let range: Range<UInt32>
  /// How much the host has put in.
  private(set) var written = 0
  /// How much the loader is known to have taken out.
  private(set) var consumed = 0

  init(_ range: Range<UInt32>) {
    self.range = range
  }

  /// How much may be put in now.
  var free: Int { range.count - 4 - (written - consumed) }

  /// Where the next word goes.
  var writeAddress: UInt32 { range.lowerBound + UInt32(written % range.count) }

  /// How much may be put in without coming past the end of the ring.
  var freeInOnePiece: Int { min(free, range.count - written % range.count) }

  /// Takes note of what has been put in.
  mutating func advance(by byteCount: Int) {
    written += byteCount
  }

  /// Takes note of where the loader reads now.
  ///
  /// - Returns: whether that is a place where it can be.
  mutating func note(readPointer: UInt32) -> Bool {
    guard range.contains(readPointer), readPointer % 4 == 0 else { return false }
    let offset = Int(readPointer - range.lowerBound)
    let moved = (offset - consumed % range.count + range.count) % range.count
    guard consumed + moved <= written else { return false }
    consumed += moved
    return true
  }
}
