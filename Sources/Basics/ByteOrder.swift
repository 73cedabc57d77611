// Numbers out of bytes and back, in either byte order.

extension RandomAccessCollection<UInt8> {
  /// The little-endian number of 16 bits at an offset from the first byte; both bytes must be there.
  @inlinable
  package func littleEndianHalfword(at offset: Int) -> UInt16 {
    UInt16(byte(offset)) | UInt16(byte(offset + 1)) << 8
  }

  /// The little-endian number of 32 bits at an offset from the first byte; all four bytes must be there.
  @inlinable
  package func littleEndianWord(at offset: Int) -> UInt32 {
    UInt32(littleEndianHalfword(at: offset)) | UInt32(littleEndianHalfword(at: offset + 2)) << 16
  }

  /// The little-endian number of 64 bits at an offset from the first byte; all eight bytes must be there.
  @inlinable
  package func littleEndianDoubleWord(at offset: Int) -> UInt64 {
    UInt64(littleEndianWord(at: offset)) | UInt64(littleEndianWord(at: offset + 4)) << 32
  }

  /// The big-endian number of 32 bits at an offset from the first byte; all four bytes must be there.
  @inlinable
  package func bigEndianWord(at offset: Int) -> UInt32 {
    littleEndianWord(at: offset).byteSwapped
  }

  @inlinable
  func byte(_ offset: Int) -> UInt8 { self[index(startIndex, offsetBy: offset)] }
}

extension FixedWidthInteger {
  /// The bytes, the least significant first.
  @inlinable
  package var littleEndianBytes: [UInt8] {
    withUnsafeBytes(of: littleEndian) { Array($0) }
  }

  /// The bytes, the most significant first.
  @inlinable
  package var bigEndianBytes: [UInt8] {
    withUnsafeBytes(of: bigEndian) { Array($0) }
  }
}
