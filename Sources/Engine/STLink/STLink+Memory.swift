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
  /// thrown, and the write may or may not have reached the target. What must not happen twice goes by a memory command,
  /// as OpenOCD and pyOCD write every register: should the reply get lost, its status can be asked for again.
  public func writeWord(_ value: UInt32, at address: UInt32) throws(DebugError) {
    try requireAlignment(address, 4, .word)
    let command = STLinkCommand.writeDebugRegister(value, at: address)
    try runOnTarget(
      command.isRepeatable ? command : .writeMemory(value.littleEndianBytes, at: address, width: .word))
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
  /// A probe that makes no 16-bit accesses (before V2J26, and clones of that) reads memory by words instead, which is the
  /// same to it.
  ///
  /// - Throws: `DebugError.unsupported` for 16-bit accesses to anything but memory behind such a probe.
  public func readMemory(at address: UInt32, byteCount: Int, width: AccessWidth) throws(DebugError) -> [UInt8] {
    try requireAlignment(address, byteCount, width)
    if width == .halfword, byteCount > 0, try !makesHalfwordAccesses() {
      guard RepeatableReads.isMemory(byteCount: byteCount, at: address) else { throw halfwordsUnsupported }
      return try readMemory(at: address, byteCount: byteCount)
    }
    let pieces = MemoryPiece.ofWidth(width, at: address, byteCount: byteCount, limits: limits, isWrite: false)
    return try read(pieces, byteCount: byteCount)
  }

  /// Writes with accesses of exactly one width.
  ///
  /// A piece that ended in WAIT is repeated only in RAM; in flash the status is thrown, its address the piece's first,
  /// and what of the piece has been programmed is to be read.
  ///
  /// - Throws: `DebugError.unsupported` for 16-bit accesses before V2J26, and behind clones of that: bytes instead would not
  ///   be the same to the flash interface.
  public func writeMemory(_ bytes: [UInt8], at address: UInt32, width: AccessWidth) throws(DebugError) {
    try requireAlignment(address, bytes.count, width)
    if width == .halfword, !bytes.isEmpty, try !makesHalfwordAccesses() { throw halfwordsUnsupported }
    let pieces = MemoryPiece.ofWidth(width, at: address, byteCount: bytes.count, limits: limits, isWrite: true)
    try write(pieces, of: bytes)
  }

  /// Whether the probe makes 16-bit accesses; tried out at the first need of them, by reading four bytes of RAM.
  ///
  /// A clone that has an older firmware than it says answers READMEM16 with two bytes of status where data belong, and
  /// would take the data behind WRITEMEM16 for a command. So its word is not taken for it; and as a reply that was cut
  /// looks the same, it is asked twice.
  public func makesHalfwordAccesses() throws(DebugError) -> Bool {
    guard firmware.supports(.halfwordAccess), !missingFeatures.contains(.halfwordAccess) else { return false }
    if hasMadeHalfwordAccess { return true }
    for _ in 0..<2 {
      do throws(DebugError) {
        try channel.run(.readMemory(at: STLink.trialAddress, byteCount: 4, width: .halfword))
      } catch {
        if error.isRefusal { continue }
        // Whatever the target says to it, the probe knows the command.
        guard error.fault != nil else { throw error }
      }
      hasMadeHalfwordAccess = true
      return true
    }
    note(missing: .halfwordAccess)
    return false
  }

  /// The start of the RAM of every F2 and F4.
  private static let trialAddress: UInt32 = 0x2000_0000

  /// The error of a probe that makes no 16-bit accesses.
  var halfwordsUnsupported: DebugError {
    guard firmware.supports(.halfwordAccess) else { return firmware.lack(of: .halfwordAccess) }
    return .unsupported(
      feature: FirmwareFeature.halfwordAccess.title, firmware: firmware.description,
      since: "\(FirmwareFeature.halfwordAccess.versions), and the probe refuses it all the same")
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
