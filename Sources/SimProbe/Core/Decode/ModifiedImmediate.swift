/// Constants that instructions carry in compressed form.
enum ModifiedImmediate {
  /// ThumbExpandImm (A5.3.2) of the twelve bits i:imm3:imm8.
  ///
  /// With 31:10 of the code zero the constant is a pattern of bytes and has no carry; else it is rotated and its
  /// carry is its top bit.
  static func expand(_ code: UInt32) -> UInt32 {
    let byte = code & 0xFF
    switch code >> 8 {
    case 0: return byte
    case 1: return byte << 16 | byte
    case 2: return byte << 24 | byte << 8
    case 3: return byte << 24 | byte << 16 | byte << 8 | byte
    default:
      let unrotated = 0x80 | code & 0x7F
      let rotation = code >> 7
      return unrotated >> rotation | unrotated << (32 - rotation)
    }
  }

  /// VFPExpandImm (A6.4.1) for single precision.
  static func expandFloat(_ code: UInt32) -> UInt32 {
    let sign = code >> 7 & 1
    let isSmall = code >> 6 & 1
    let exponent: UInt32 = (isSmall ^ 1) << 7 | (isSmall != 0 ? 0x7C : 0) | code >> 4 & 3
    return sign << 31 | exponent << 23 | (code & 0xF) << 19
  }
}
