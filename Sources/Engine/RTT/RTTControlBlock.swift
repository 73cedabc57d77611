import Basics

/// SEGGER's RTT control block in a chip's RAM: where a program's ring buffers are (SEGGER_RTT.h, `SEGGER_RTT_CB`).
///
/// On a 32-bit target: the id of 16 bytes, the number of buffers in either direction, then 24 bytes for each buffer.
struct RTTControlBlock: Sendable, Equatable {
  /// "SEGGER RTT" and six zero bytes.
  static let identifier: [UInt8] = Array("SEGGER RTT".utf8) + [UInt8](repeating: 0, count: 6)
  /// The bytes in front of the buffers' descriptions.
  static let headerByteCount = 24
  /// The most buffers in one direction that anybody has; more are taken for something else in the memory.
  private static let mostChannels = 255

  /// One ring buffer as the block describes it.
  struct Channel: Sendable, Equatable {
    /// The bytes of a description.
    static let byteCount = 24

    /// The address of the name; 0 for none.
    var nameAddress: UInt32
    /// Where the ring is.
    var bufferAddress: UInt32
    /// How many bytes it has, of which one always stays free; 0 for a channel that is not set up.
    var size: UInt32
    /// Where the next byte is written.
    var writeOffset: UInt32
    /// Where the next byte is read.
    var readOffset: UInt32
    /// Bits 1 and 0: what happens to bytes that do not fit.
    var flags: UInt32

    /// What happens to bytes that do not fit, in `flags`.
    static let modeMask: UInt32 = 3
    /// The program waits until the host has read (SEGGER_RTT_MODE_BLOCK_IF_FIFO_FULL).
    static let blocks: UInt32 = 2

    init(_ bytes: [UInt8], at offset: Int) {
      nameAddress = bytes.littleEndianWord(at: offset)
      bufferAddress = bytes.littleEndianWord(at: offset + 4)
      size = bytes.littleEndianWord(at: offset + 8)
      writeOffset = bytes.littleEndianWord(at: offset + 12)
      readOffset = bytes.littleEndianWord(at: offset + 16)
      flags = bytes.littleEndianWord(at: offset + 20)
    }

    /// Whether it is set up.
    var isOpen: Bool { size > 0 && bufferAddress != 0 }

    /// What is wrong with it; nil for nothing.
    func problem(in ram: [Range<UInt32>]) -> String? {
      guard isOpen else { return nil }
      guard ram.contains(where: { $0.contains(bufferAddress) && $0.upperBound - bufferAddress >= size }) else {
        return "its buffer of \(Int(size).inBytes) at \(bufferAddress.hexadecimal) is not in the RAM"
      }
      if writeOffset >= size { return "its write offset is \(writeOffset) in a buffer of \(Int(size).inBytes)" }
      if readOffset >= size { return "its read offset is \(readOffset) in a buffer of \(Int(size).inBytes)" }
      return flags >> 24 == 0 ? nil : "its flags are \(flags.hexadecimal)"
    }

    /// How many bytes wait in it.
    var fill: UInt32 { writeOffset >= readOffset ? writeOffset - readOffset : size - readOffset + writeOffset }

    /// How many bytes fit into it.
    var room: UInt32 { size - 1 - fill }
  }

  /// Where it is.
  var address: UInt32
  /// The buffers from the program to the host.
  var upCount: Int
  /// The buffers from the host to the program.
  var downCount: Int

  /// All of its bytes.
  var byteCount: Int { Self.headerByteCount + (upCount + downCount) * Channel.byteCount }
  /// Where the description of a buffer to the host is.
  func upAddress(_ index: Int) -> UInt32 { address + UInt32(Self.headerByteCount + index * Channel.byteCount) }
  /// Where the description of a buffer to the program is.
  func downAddress(_ index: Int) -> UInt32 { upAddress(upCount + index) }

  /// Where in a description which word is.
  enum Field {
    static let writeOffset: UInt32 = 12
    static let readOffset: UInt32 = 16
    static let flags: UInt32 = 20
  }

  /// Takes a block's first bytes apart; nil for what is no block.
  init?(header: [UInt8], at address: UInt32) {
    guard header.count >= Self.headerByteCount, header.starts(with: Self.identifier) else { return nil }
    let (up, down) = (header.littleEndianWord(at: 16), header.littleEndianWord(at: 20))
    guard up > 0, up <= Self.mostChannels, down <= Self.mostChannels else { return nil }
    self.address = address
    upCount = Int(up)
    downCount = Int(down)
  }
}
