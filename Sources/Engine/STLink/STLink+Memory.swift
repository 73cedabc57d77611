import Basics

// The target's memory: single words by register commands, blocks by memory commands within the probe's limits.

extension STLink {
  /// Reads one aligned 32-bit word with a single bus access.
  public func readWord(at address: UInt32) throws(DebugError) -> UInt32 {
    try requireAlignment(address, 4, .word)
    return try runOnTarget(.readDebugRegister(at: address)).littleEndianWord(at: 4)
  }

  /// Writes one aligned 32-bit word with a single bus access.
  ///
  /// A write that ended in WAIT is repeated only where that cannot harm (`RepeatableWrites`); elsewhere the status is
  /// thrown, and the write may or may not have reached the target.
  public func writeWord(_ value: UInt32, at address: UInt32) throws(DebugError) {
    try requireAlignment(address, 4, .word)
    try runOnTarget(.writeDebugRegister(value, at: address))
  }

  /// Reads any number of bytes from any address.
  public func readMemory(at address: UInt32, byteCount: Int) throws(DebugError) -> [UInt8] {
    try requireAlignment(address, byteCount, .byte)
    let pieces = MemoryPiece.choosingWidth(at: address, byteCount: byteCount, limits: limits, isWrite: false)
    return try read(pieces, byteCount: byteCount)
  }

  /// Writes any number of bytes to any address.
  public func writeMemory(_ bytes: [UInt8], at address: UInt32) throws(DebugError) {
    try requireAlignment(address, bytes.count, .byte)
    let pieces = MemoryPiece.choosingWidth(at: address, byteCount: bytes.count, limits: limits, isWrite: true)
    try write(pieces, of: bytes)
  }

  /// Reads with accesses of exactly one width.
  ///
  /// - Throws: `DebugError.unsupported` for 16-bit accesses before V2J26.
  public func readMemory(at address: UInt32, byteCount: Int, width: AccessWidth) throws(DebugError) -> [UInt8] {
    try requireAlignment(address, byteCount, width)
    if width == .halfword { try firmware.require(.halfwordAccess) }
    let pieces = MemoryPiece.ofWidth(width, at: address, byteCount: byteCount, limits: limits, isWrite: false)
    return try read(pieces, byteCount: byteCount)
  }

  /// Writes with accesses of exactly one width.
  ///
  /// A piece that ended in WAIT is repeated only in RAM; in flash the status is thrown, its address the piece's first,
  /// and what of the piece has been programmed is to be read.
  ///
  /// - Throws: `DebugError.unsupported` for 16-bit accesses before V2J26: bytes instead would not be the same to the
  ///   flash interface.
  public func writeMemory(_ bytes: [UInt8], at address: UInt32, width: AccessWidth) throws(DebugError) {
    try requireAlignment(address, bytes.count, width)
    if width == .halfword { try firmware.require(.halfwordAccess) }
    let pieces = MemoryPiece.ofWidth(width, at: address, byteCount: bytes.count, limits: limits, isWrite: true)
    try write(pieces, of: bytes)
  }

  /// Lets blocks run to the next 4 KiB instead of the next 1 KiB: the target is known to be a Cortex-M3 or M4.
  func useCortexM3AddressWrap() {
    limits.addressWrap = TransferLimits.cortexM3Wrap
  }

  private func read(_ pieces: [MemoryPiece], byteCount: Int) throws(DebugError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount)
    for piece in pieces {
      let command = STLinkCommand.readMemory(at: piece.address, byteCount: piece.byteCount, width: piece.width)
      bytes += try runOnTarget(command, limit: timeLimit(for: piece)).prefix(piece.byteCount)
    }
    return bytes
  }

  private func write(_ pieces: [MemoryPiece], of bytes: [UInt8]) throws(DebugError) {
    for piece in pieces {
      let command = STLinkCommand.writeMemory(Array(bytes[piece.offsets]), at: piece.address, width: piece.width)
      try runOnTarget(command, limit: timeLimit(for: piece))
    }
  }

  /// The time for one memory command: the channel's own, and four times what the wire needs.
  ///
  /// At the most an access takes four SWD transfers of 46 clocks (TAR, DRW, one WAIT, RDBUFF).
  private func timeLimit(for piece: MemoryPiece) -> Duration {
    let clocks = piece.byteCount / piece.width.byteCount * 4 * 46
    let kHz = clockSetting.actualKHz ?? STLink.slowestLikelyKHz
    return channel.commandLimit + .microseconds(clocks * 1000 / max(1, kHz)) * 4
  }

  /// What an unknown clock is taken for: slower ones have to be asked for.
  private static let slowestLikelyKHz = 100

  /// Refuses what the width cannot reach, before anything is sent.
  private func requireAlignment(_ address: UInt32, _ byteCount: Int, _ width: AccessWidth) throws(DebugError) {
    let isAligned = Int(address) % width.byteCount == 0 && byteCount % width.byteCount == 0
    guard isAligned, byteCount >= 0, UInt64(address) + UInt64(byteCount) <= 1 << 32 else {
      throw .misaligned(address: address, byteCount: byteCount, width: width)
    }
  }
}
