/// What a probe moves by one memory command.
struct TransferLimits: Sendable, Equatable {
  /// The longest 8-bit read.
  var byteReads: Int
  /// The longest 8-bit write.
  var byteWrites: Int
  /// The longest 16-bit or 32-bit transfer: the probe's buffer.
  ///
  /// Writes of up to 64 KiB work on V2 in other programs' daily use; nothing is gained by them over SWD.
  var block: Int
  /// No transfer crosses a multiple of this many bytes.
  ///
  /// ADIv5 lets a MEM-AP increment its address within 1 KiB and wrap there. The AHB-APs of Cortex-M3 and M4 carry on to
  /// 4 KiB. V2J17 loads the address anew for every 16 bytes, and what newer firmware does is not known.
  var addressWrap: Int

  /// The wrap that ADIv5 grants for any core.
  static let guaranteedWrap = 1024
  /// The wrap of a Cortex-M3's or M4's AHB-AP.
  static let cortexM3Wrap = 4096

  /// The limits of a firmware.
  ///
  /// 8-bit: 64 bytes on every V2 and on V3 before J6; after that OpenOCD moves 512 both ways, while probe-rs found by
  /// trial that reads of 256 and more fail on V3J5 and J7: so 128 for reads.
  init(firmware: FirmwareVersion) {
    let isLong = firmware.supports(.longByteTransfers)
    byteReads = isLong ? 128 : 64
    byteWrites = isLong ? 512 : 64
    block = 6144
    addressWrap = TransferLimits.guaranteedWrap
  }

  func byteCount(width: AccessWidth, isWrite: Bool) -> Int {
    width == .byte ? (isWrite ? byteWrites : byteReads) : block
  }
}

/// A stretch of memory that one memory command moves.
struct MemoryPiece: Sendable, Equatable {
  /// The first address.
  var address: UInt32
  /// The position of its first byte in the whole request.
  var offset: Int
  /// The number of bytes.
  var byteCount: Int
  /// The width of every access.
  var width: AccessWidth

  /// The positions of its bytes in the whole request.
  var offsets: Range<Int> { offset..<offset + byteCount }

  /// Cuts a request of any address and length: bytes to the first word boundary, words, bytes for the rest.
  static func choosingWidth(
    at address: UInt32, byteCount: Int, limits: TransferLimits, isWrite: Bool
  ) -> [MemoryPiece] {
    let head = min(Int(address & 3 == 0 ? 0 : 4 - address & 3), byteCount)
    let words = (byteCount - head) & ~3
    let parts: [(Int, AccessWidth)] = [(head, .byte), (words, .word), (byteCount - head - words, .byte)]
    var offset = 0
    var pieces: [MemoryPiece] = []
    for (count, width) in parts {
      let part = MemoryPiece(
        address: address &+ UInt32(truncatingIfNeeded: offset), offset: offset, byteCount: count, width: width)
      pieces += part.cut(to: limits, isWrite: isWrite)
      offset += count
    }
    return pieces
  }

  /// Cuts a request whose accesses all have one width.
  static func ofWidth(
    _ width: AccessWidth, at address: UInt32, byteCount: Int, limits: TransferLimits, isWrite: Bool
  ) -> [MemoryPiece] {
    MemoryPiece(address: address, offset: 0, byteCount: byteCount, width: width).cut(to: limits, isWrite: isWrite)
  }

  private func cut(to limits: TransferLimits, isWrite: Bool) -> [MemoryPiece] {
    let most = limits.byteCount(width: width, isWrite: isWrite)
    var rest = self
    var pieces: [MemoryPiece] = []
    while rest.byteCount > 0 {
      let toBoundary = limits.addressWrap - Int(rest.address) % limits.addressWrap
      let count = min(rest.byteCount, most, toBoundary)
      pieces.append(MemoryPiece(address: rest.address, offset: rest.offset, byteCount: count, width: width))
      rest.address = rest.address &+ UInt32(truncatingIfNeeded: count)
      rest.offset += count
      rest.byteCount -= count
    }
    return pieces
  }
}
