// Several images as one, and single bytes put into one.
extension FirmwareImage {
  /// The first stretch of addresses that both images have bytes for; nil where they have none in common.
  public func overlap(with other: FirmwareImage) -> ClosedRange<UInt32>? {
    var rest = other.segments[...]
    for segment in segments {
      rest = rest.drop { $0.range.upperBound < segment.address }
      guard let next = rest.first, next.address <= segment.range.upperBound else { continue }
      return segment.range.clamped(to: next.range)
    }
    return nil
  }

  /// Both images as one, with the format of this one; they have no address in common.
  public func joined(with other: FirmwareImage) -> FirmwareImage {
    FirmwareImage(
      segments: FirmwareImage.touching((segments + other.segments).sorted { $0.address < $1.address }),
      entryPoint: entryPoint ?? other.entryPoint, format: format, family: family ?? other.family,
      leftOut: leftOut + other.leftOut)
  }

  /// The image with some bytes put in place of others, or beside them.
  ///
  /// - Returns: nil where there are no bytes, or where they run past the last address.
  public func patched(with bytes: [UInt8], at address: UInt32) -> FirmwareImage? {
    Segment(address: address, bytes: bytes).map(replacing)
  }

  private func replacing(_ new: Segment) -> FirmwareImage {
    var pieces: [Segment] = []
    if new.range.lowerBound > 0 { pieces += segments(in: 0...new.range.lowerBound - 1) }
    pieces.append(new)
    if new.range.upperBound < .max { pieces += segments(in: new.range.upperBound + 1...UInt32.max) }
    return with(FirmwareImage.touching(pieces))
  }

  /// Pieces by rising address, with those made one that touch.
  private static func touching(_ pieces: [Segment]) -> [Segment] {
    var joined: [Segment] = []
    var run: (address: UInt32, bytes: [UInt8])?
    for piece in pieces {
      if let begun = run, UInt64(begun.address) + UInt64(begun.bytes.count) == UInt64(piece.address) {
        run?.bytes += piece.bytes
      } else {
        if let begun = run, let whole = Segment(address: begun.address, bytes: begun.bytes) { joined.append(whole) }
        run = (piece.address, piece.bytes)
      }
    }
    if let begun = run, let whole = Segment(address: begun.address, bytes: begun.bytes) { joined.append(whole) }
    return joined
  }
}
