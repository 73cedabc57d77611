// Several images as one, and single bytes put into one.
extension FirmwareImage {
  /// The first stretch of addresses that both images have bytes for; nil where they have none in common.
  public func overlap(with other: FirmwareImage) -> ClosedRange<UInt32>? {
    for segment in other.segments {
      if let common = segments(in: segment.range).first { return common.range }
    }
    return nil
  }

  /// Both images as one, with the format of this one; where both have bytes, those of the other count.
  public func joined(with other: FirmwareImage) -> FirmwareImage {
    var image = self
    for segment in other.segments { image = image.replacing(segment) }
    return FirmwareImage(
      segments: image.segments, entryPoint: entryPoint ?? other.entryPoint, format: format,
      family: family ?? other.family,
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
    var joined: [Segment] = []
    for piece in pieces {
      if let last = joined.last, last.range.upperBound + 1 == piece.address,
        let both = Segment(address: last.address, bytes: last.bytes + piece.bytes)
      {
        joined[joined.count - 1] = both
      } else {
        joined.append(piece)
      }
    }
    return with(joined)
  }
}
