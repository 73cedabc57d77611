/// The bytes of a chip that can be programmed once: 16 blocks of 32 bytes, each with a lock byte (RM0090, 3.7.6; RM0033,
/// 2.9; the same on every F2 and F4).
public struct OTPContents: Sendable, Equatable {
  /// How many blocks there are.
  public static let blockCount = 16
  /// The bytes of a block.
  public static let blockByteCount = 32
  /// What a lock byte holds that has not been programmed.
  static let open: UInt8 = 0xFF
  /// What a lock byte holds that closes its block.
  static let locked: UInt8 = 0x00

  /// One block.
  public struct Block: Sendable, Equatable {
    /// Its number, from 0.
    public let number: Int
    /// The address of its first byte.
    public let address: UInt32
    /// Its bytes; 0xFF is what nobody has programmed.
    public let bytes: [UInt8]
    /// Its lock byte.
    public let lock: UInt8

    /// Whether it can never be programmed again.
    public var isLocked: Bool { lock == OTPContents.locked }
    /// Whether its lock byte is neither open nor closed, which the manuals do not allow.
    public var hasOddLock: Bool { lock != OTPContents.locked && lock != OTPContents.open }
    /// How many of its bytes hold something.
    public var programmedByteCount: Int { bytes.count { $0 != 0xFF } }
    /// Its addresses, without its lock byte.
    var range: Range<UInt32> { address..<address + UInt32(bytes.count) }
  }

  /// The blocks, in order.
  public let blocks: [Block]

  /// Takes the area's 528 bytes apart.
  init(_ bytes: [UInt8]) {
    let start = MemoryMap.presumed.otp.range.lowerBound
    let (size, count) = (OTPContents.blockByteCount, OTPContents.blockCount)
    blocks = (0..<count).map { number in
      Block(
        number: number, address: start + UInt32(number * size),
        bytes: Array(bytes[number * size..<(number + 1) * size]), lock: bytes[size * count + number])
    }
  }

  /// The addresses of the data, without the lock bytes.
  static var dataRange: Range<UInt32> {
    MemoryMap.presumed.otp.range.lowerBound..<lockAddress(of: 0)
  }

  /// The addresses of the lock bytes.
  static var lockRange: Range<UInt32> { lockAddress(of: 0)..<MemoryMap.presumed.otp.range.upperBound }

  /// Where a block's lock byte is.
  static func lockAddress(of block: Int) -> UInt32 {
    MemoryMap.presumed.otp.range.lowerBound + UInt32(blockCount * blockByteCount + block)
  }

  /// What has to be programmed for bytes to stand at an address: the stretches that do not stand there yet.
  ///
  /// - Throws: `OTPRefusal` for what lies outside the blocks, in a locked one, or would need a 0 to become a 1.
  func stretches(writing bytes: [UInt8], at address: UInt32) throws(OTPRefusal) -> [FlashBlock] {
    let data = OTPContents.dataRange
    if bytes.isEmpty { return [] }
    let last = UInt32(clamping: Int(address) + bytes.count - 1)
    guard data.contains(address), data.contains(last) else { throw .outside(address...last, blocks: data) }
    let range = address..<last + 1
    let touched = blocks.filter { $0.range.overlaps(range) }
    let found = blocks.flatMap(\.bytes)
    let start = Int(address - data.lowerBound)
    let pairs = zip(bytes, found[start...]).enumerated().map {
      (address + UInt32($0.offset), $0.element.0, $0.element.1)
    }
    let changed = pairs.filter { $0.1 != $0.2 }
    for block in touched where block.isLocked || block.hasOddLock {
      let isChanged = changed.contains { block.range.contains($0.0) }
      if isChanged { throw .locked(block.number, at: block.address) }
    }
    let impossible = changed.filter { $0.1 & ~$0.2 != 0 }
    if let first = impossible.first {
      throw .needsOnes(at: first.0, wanted: first.1, found: first.2, count: impossible.count)
    }
    return changed.reduce(into: []) { stretches, byte in
      if let last = stretches.last, last.range.upperBound == byte.0 {
        stretches[stretches.count - 1].bytes.append(byte.1)
      } else {
        stretches.append(FlashBlock(address: byte.0, bytes: [byte.1]))
      }
    }
  }
}

/// Why OTP is not programmed as asked; nothing has been touched.
public enum OTPRefusal: Error, Sendable, Equatable {
  /// The bytes do not lie in the blocks; lock bytes are no data.
  case outside(ClosedRange<UInt32>, blocks: Range<UInt32>)
  /// The block is locked for ever.
  case locked(Int, at: UInt32)
  /// Bits would have to become 1 again, which nothing makes them.
  case needsOnes(at: UInt32, wanted: UInt8, found: UInt8, count: Int)
  /// A lock byte can become neither what is wanted nor anything but open or locked.
  case otherLock(Int, wanted: UInt8, found: UInt8)
  /// There is no such block.
  case noSuchBlock(Int)
  /// Nothing takes it back, and it was not asked for in these words.
  case irreversible(String, meaning: String)
}
