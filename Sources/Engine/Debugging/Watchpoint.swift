/// A stretch of memory whose accesses stop the core.
public struct Watchpoint: Sendable, Hashable {
  /// Which accesses.
  public enum Access: Sendable, Hashable {
    /// Writes.
    case write
    /// Reads.
    case read
    /// Both.
    case any
  }

  /// The first address.
  public var address: UInt32
  /// How many bytes, 1 or more.
  public var byteCount: UInt32
  /// Which accesses.
  public var access: Access

  /// Makes a watchpoint; nil for no bytes, and for more than the address space has.
  public init?(address: UInt32, byteCount: UInt32, access: Access) {
    guard byteCount > 0, UInt32.max - address >= byteCount - 1 else { return nil }
    self.address = address
    self.byteCount = byteCount
    self.access = access
  }

  /// The stretch cut into pieces that a comparator can compare: a power of two, at a multiple of its size.
  var pieces: [(address: UInt32, bits: UInt32)] {
    var pieces: [(address: UInt32, bits: UInt32)] = []
    var (start, rest) = (UInt64(address), UInt64(byteCount))
    while rest > 0 {
      var bits: UInt32 = 0
      while bits < WatchpointUnit.mostBits, start & (1 << bits) == 0, 2 << UInt64(bits) <= rest { bits += 1 }
      pieces.append((UInt32(start), bits))
      start += 1 << UInt64(bits)
      rest -= 1 << UInt64(bits)
    }
    return pieces
  }
}
