/// The host's view of the ring: how far it has been filled and how far the loader has come.
///
/// Both are counted in bytes since the loader was started. One word always stays free: a full ring would look empty.
struct LoaderRing: Equatable {
  /// Where the ring is.
  private(set) var range: Range<UInt32>
  /// How much the host has put in.
  private(set) var written = 0
  /// How much the loader is known to have taken out.
  private(set) var consumed = 0
  /// Where the next word goes.
  private(set) var writeAddress: UInt32
  /// Where the loader reads next, as far as is known.
  private var readAddress: UInt32

  init(_ range: Range<UInt32>) {
    self.range = range
    writeAddress = range.lowerBound
    readAddress = range.lowerBound
  }

  /// How much may be put in now.
  var free: Int { range.count - 4 - (written - consumed) }

  /// How much may be put in without coming past the end of the ring.
  var freeInOnePiece: Int { min(free, Int(range.upperBound - writeAddress)) }

  /// Takes note of what has been put in.
  mutating func advance(by byteCount: Int) {
    written += byteCount
    writeAddress = address(writeAddress, advancedBy: byteCount)
  }

  /// Takes note of where the loader reads now.
  ///
  /// - Returns: whether that is a place where it can be.
  mutating func note(readPointer: UInt32) -> Bool {
    guard range.contains(readPointer), readPointer % 4 == 0 else { return false }
    let moved = (Int(readPointer) - Int(readAddress) + range.count) % range.count
    guard consumed + moved <= written else { return false }
    consumed += moved
    readAddress = readPointer
    return true
  }

  /// Gives up the end of the ring.
  ///
  /// - Returns: whether it could: neither the loader nor anything that it has not read may be there.
  mutating func giveUp(_ byteCount: Int) -> Bool {
    let end = range.upperBound - UInt32(byteCount)
    // Where the one that writes is ahead, nothing is between the one that reads and the end.
    guard readAddress <= writeAddress, writeAddress < end else { return false }
    range = range.lowerBound..<end
    return true
  }

  private func address(_ address: UInt32, advancedBy byteCount: Int) -> UInt32 {
    range.lowerBound + UInt32((Int(address - range.lowerBound) + byteCount) % range.count)
  }
}
