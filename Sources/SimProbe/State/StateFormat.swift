import Basics

/// The layout of a state file.
///
///     "stflash-sim\n"  12 bytes  signature
///     version           4 bytes  little-endian, like every number here
///     sections                   tag (4 ASCII bytes), byte count (4), payload
///     CRC-32            4 bytes  over everything before it
///
/// A reader skips sections that it does not know. Memories are stored as runs of words that are not erased: offset,
/// byte count, bytes.
enum StateFormat {
  /// The first bytes of every state file.
  static let signature = Array("stflash-sim\n".utf8)
  /// The version that this program writes; it reads this one and all before it.
  static let version: UInt32 = 1

  /// What a section holds.
  enum Section: String, CaseIterable {
    /// The chip's name.
    case chip = "CHIP"
    /// The 96-bit unique identifier.
    case uniqueID = "UID "
    /// Three halfwords of option bytes.
    case options = "OPTB"
    /// The OTP area with its lock bytes, as runs.
    case otp = "OTP "
    /// The main flash, as runs.
    case flash = "FLSH"
    /// How often each 16 KiB have been erased, a word each.
    case wear = "WEAR"
  }

  /// The runs of a memory that are not erased.
  static func runs(of memory: MemoryRegion) -> [UInt8] {
    var payload: [UInt8] = []
    var offset = 0
    while offset < memory.byteCount {
      guard memory.word(at: offset) != 0xFFFF_FFFF else {
        offset += 4
        continue
      }
      let start = offset
      while offset < memory.byteCount, memory.word(at: offset) != 0xFFFF_FFFF { offset += 4 }
      payload += UInt32(start).littleEndianBytes + UInt32(offset - start).littleEndianBytes
      payload += memory.contents(start..<offset)
    }
    return payload
  }
}
