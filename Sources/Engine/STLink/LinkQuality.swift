import Basics

/// How well data come over the SWD wires at one clock: the outcome of reading the same words again and again.
public struct LinkQuality: Sendable, Equatable {
  /// The SWD clock in kHz; nil where the probe cannot tell it.
  public var clockKHz: Int?
  /// How many times the words were read.
  public var readCount: Int
  /// How many bits of data an error-free run moves.
  public var bitCount: Int
  /// The statuses of reads that failed.
  public var failures: [STLinkStatus]
  /// How many reads came without an error and with other data than the first one.
  public var mismatchCount: Int

  /// Whether every read brought the same without an error.
  public var isClean: Bool { failures.isEmpty && mismatchCount == 0 }

  /// What went wrong, in words: "AP parity error (0x13) in 3 of 64 reads".
  public var summary: String {
    var parts: [String] = []
    for status in Set(failures).sorted(by: { $0.rawValue < $1.rawValue }) {
      parts.append("\(status) in \(failures.count { $0 == status }) of \(readCount) reads")
    }
    if mismatchCount > 0 { parts.append("other data in \(mismatchCount) of \(readCount) reads") }
    return parts.isEmpty ? "no error in \(readCount) reads, \(bitCount.grouped) bits" : parts.joined(separator: ", ")
  }
}

extension STLink {
  /// The component ids of the CoreSight ROM table (ARM IHI 0029, 2.2): words that never change, and that may be read
  /// whatever the core does and whatever is protected.
  private static let constantWords: UInt32 = 0xE00F_FFD0
  private static let constantByteCount = 48

  /// Reads constant words of the target again and again; writes nothing, changes nothing.
  ///
  /// - Returns: nil where the target refuses these words at once, as no wire would.
  /// - Throws: failures of the probe itself, and an interruption.
  public func measureQuality(readCount: Int) throws(DebugError) -> LinkQuality? {
    var quality = LinkQuality(
      clockKHz: clockSetting.actualKHz, readCount: readCount, bitCount: readCount * STLink.constantByteCount * 8,
      failures: [], mismatchCount: 0)
    var first: [UInt8]?
    let command = STLinkCommand.readMemory(
      at: STLink.constantWords, byteCount: STLink.constantByteCount, width: .word)
    for _ in 0..<readCount {
      do throws(DebugError) {
        let bytes = try channel.run(command)
        if first == nil { first = bytes }
        if bytes != first { quality.mismatchCount += 1 }
      } catch {
        guard let status = error.status else { throw error }
        guard first != nil || !quality.failures.isEmpty || error.mayBeOfTheWires else { return nil }
        quality.failures.append(status)
        // Wires that garble leave the port out of step; a line reset is part of connecting.
        do throws(DebugError) { try enter() } catch  where error.isOfTheTarget { continue }
      }
    }
    return quality
  }

  /// Goes down with the SWD clock until constant words come over the wires without an error.
  ///
  /// - Returns: whether a clock was found; the slowest that may be tried stays set where not.
  /// - Throws: what `enter` throws.
  @discardableResult
  func settleClock(readCount: Int = 8) throws(DebugError) -> Bool {
    guard var quality = try measureQuality(readCount: readCount), let original = quality.clockKHz else { return true }
    let firstQuality = quality
    for kHz in lowerClocksKHz {
      if quality.isClean { break }
      try connect(atKHz: kHz)
      // Wires that have failed once are looked at more closely.
      guard let next = try measureQuality(readCount: 8 * readCount) else { break }
      quality = next
    }
    if let settled = clockSetting.actualKHz, settled != original {
      note(ClockReduction(fromKHz: original, toKHz: settled, reason: firstQuality.summary))
    }
    return quality.isClean
  }
}
