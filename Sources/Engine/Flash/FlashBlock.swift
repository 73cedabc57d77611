/// Bytes that belong to an address of the target.
public struct FlashBlock: Sendable, Equatable {
  /// The address of the first byte.
  public var address: UInt32
  /// The bytes.
  public var bytes: [UInt8]

  /// The addresses, the last one excluded.
  public var range: Range<UInt32> { address..<address + UInt32(bytes.count) }

  /// The part of the block that lies in a range; nil when none does.
  func part(in wanted: Range<UInt32>) -> FlashBlock? {
    let common = range.clamped(to: wanted)
    guard !common.isEmpty else { return nil }
    let start = Int(common.lowerBound - address)
    return FlashBlock(address: common.lowerBound, bytes: Array(bytes[start..<start + common.count]))
  }

  /// The parts of the block outside of ranges that rise and do not overlap.
  func parts(outside holes: [Range<UInt32>]) -> [FlashBlock] {
    var parts: [FlashBlock] = []
    var start = address
    for hole in holes where hole.overlaps(range) {
      if start < hole.lowerBound, let part = part(in: start..<hole.lowerBound) { parts.append(part) }
      start = hole.upperBound
    }
    if start < range.upperBound, let part = part(in: start..<range.upperBound) { parts.append(part) }
    return parts
  }

  /// The parts of the block on both sides of a range.
  func parts(outside hole: Range<UInt32>) -> [FlashBlock] {
    [part(in: 0..<hole.lowerBound), part(in: hole.upperBound..<UInt32.max)].compactMap { $0 }
  }
}

extension [FlashBlock] {
  /// The blocks with those made one that touch the one before them.
  var joined: [FlashBlock] {
    var joined: [FlashBlock] = []
    for block in self {
      if let last = joined.last, last.range.upperBound == block.address {
        joined[joined.count - 1].bytes += block.bytes
      } else {
        joined.append(block)
      }
    }
    return joined
  }
}
