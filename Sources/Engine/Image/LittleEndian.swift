/// Little-endian numbers out of a file's bytes; the caller has checked that they are there.
enum LittleEndian {
  static func halfword(in bytes: [UInt8], at offset: Int) -> UInt16 {
    UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
  }

  static func word(in bytes: [UInt8], at offset: Int) -> UInt32 {
    UInt32(halfword(in: bytes, at: offset)) | UInt32(halfword(in: bytes, at: offset + 2)) << 16
  }
}

extension UInt32 {
  /// The bytes in the order of the target's memory.
  var littleEndianBytes: [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: self >> UInt32($0 * 8)) }
  }
}
