/// Numbers out of bytes that nobody has checked, in either byte order; nil where the bytes end.
struct ByteReader {
  let bytes: ArraySlice<UInt8>
  let isBigEndian: Bool

  init(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) {
    self.bytes = bytes
    self.isBigEndian = isBigEndian
  }

  var count: Int { bytes.count }

  func byte(_ offset: Int) -> UInt8? {
    number(offset, size: 1).map { UInt8(truncatingIfNeeded: $0) }
  }

  func halfword(_ offset: Int) -> UInt16? {
    number(offset, size: 2).map { UInt16(truncatingIfNeeded: $0) }
  }

  func word(_ offset: Int) -> UInt32? {
    number(offset, size: 4).map { UInt32(truncatingIfNeeded: $0) }
  }

  func doubleWord(_ offset: Int) -> UInt64? {
    number(offset, size: 8)
  }

  /// At most `count` bytes from an offset on; fewer where the bytes end.
  func slice(_ offset: Int, count: Int) -> ArraySlice<UInt8> {
    bytes.dropFirst(max(0, offset)).prefix(max(0, count))
  }

  private func number(_ offset: Int, size: Int) -> UInt64? {
    guard offset >= 0, offset <= bytes.count - size else { return nil }
    let start = bytes.startIndex + offset
    var value: UInt64 = 0
    for index in 0..<size {
      value = value << 8 | UInt64(bytes[start + (isBigEndian ? index : size - 1 - index)])
    }
    return value
  }
}
