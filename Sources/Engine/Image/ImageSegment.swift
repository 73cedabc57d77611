extension FirmwareImage {
  /// Bytes that lie behind one another in the target's memory; never none.
  public struct Segment: Sendable, Equatable {
    /// The address of the first byte.
    public let address: UInt32
    /// The bytes, at least one; the last one may lie at 0xFFFF_FFFF.
    public let bytes: [UInt8]

    /// Makes a segment.
    ///
    /// - Returns: nil when there are no bytes or when they run past the end of the address space.
    public init?(address: UInt32, bytes: [UInt8]) {
      guard !bytes.isEmpty, bytes.count - 1 <= Int(UInt32.max - address) else { return nil }
      self.address = address
      self.bytes = bytes
    }

    /// The addresses from the first byte to the last one.
    public var range: ClosedRange<UInt32> {
      address...(address + UInt32(bytes.count - 1))
    }

    /// The part of this segment that lies in a range; nil when none does.
    public func part(in wanted: ClosedRange<UInt32>) -> Segment? {
      guard range.overlaps(wanted) else { return nil }
      let common = range.clamped(to: wanted)
      let start = Int(common.lowerBound - address)
      return Segment(address: common.lowerBound, bytes: Array(bytes[start..<start + common.count]))
    }
  }
}
