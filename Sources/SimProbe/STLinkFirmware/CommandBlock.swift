/// The 16 bytes of one command; what the host left out is zero, and the bytes that a command does not use are ignored.
struct CommandBlock {
  /// The length of a command block.
  static let byteCount = 16

  private let bytes: [UInt8]

  /// Takes a packet as a command block.
  init(_ packet: some Collection<UInt8>) {
    let taken = Array(packet.prefix(CommandBlock.byteCount))
    bytes = taken + Array(repeating: 0, count: CommandBlock.byteCount - taken.count)
  }

  /// One byte of the block.
  subscript(offset: Int) -> UInt8 { bytes[offset] }

  /// A little-endian halfword.
  func halfword(at offset: Int) -> UInt16 {
    UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
  }

  /// A little-endian word.
  func word(at offset: Int) -> UInt32 {
    UInt32(halfword(at: offset)) | UInt32(halfword(at: offset + 2)) << 16
  }
}
