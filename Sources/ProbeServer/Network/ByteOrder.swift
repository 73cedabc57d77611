extension Array<UInt8> {
  /// The little-endian word at an offset that lies inside.
  func littleEndianWord(at offset: Int) -> UInt32 {
    self[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// The little-endian word of 64 bits at an offset that lies inside.
  func littleEndianDoubleWord(at offset: Int) -> UInt64 {
    UInt64(littleEndianWord(at: offset)) | UInt64(littleEndianWord(at: offset + 4)) << 32
  }

  /// The big-endian word at an offset that lies inside.
  func bigEndianWord(at offset: Int) -> UInt32 {
    self[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }
}

extension FixedWidthInteger {
  /// The bytes, the least significant first.
  var littleEndianBytes: [UInt8] {
    withUnsafeBytes(of: littleEndian) { Array($0) }
  }

  /// The bytes, the most significant first.
  var bigEndianBytes: [UInt8] {
    withUnsafeBytes(of: bigEndian) { Array($0) }
  }
}
