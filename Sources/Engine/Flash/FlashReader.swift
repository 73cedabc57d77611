import Basics

/// Reads the target's memory in pieces, so that a user can follow it and stop it.
struct FlashReader {
  /// What one command reads; more than that gains little and makes interruptions slow.
  static let bytesPerCommand = 4096

  let access: any TargetMemory
  let observer: FlashObserver
  /// The banks where they have changed places; addresses are those of the banks in their own.
  var bankSwap: BankSwap?

  /// The bytes of a range.
  func read(_ range: Range<UInt32>, phase: FlashPhase?) throws(FlashError) -> [UInt8] {
    guard let last = range.last else { return [] }
    return try read(range.lowerBound...last, phase: phase)
  }

  /// The bytes of a range, which may reach up to 0xFFFF_FFFF.
  func read(_ range: ClosedRange<UInt32>, phase: FlashPhase?) throws(FlashError) -> [UInt8] {
    var progress = phase.map { PhaseProgress($0, total: range.count, clock: access.clock, observer: observer) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count)
    while bytes.count < range.count {
      let count = min(FlashReader.bytesPerCommand, range.count - bytes.count)
      bytes += try readPiece(at: range.lowerBound + UInt32(bytes.count), byteCount: count)
      progress?.advance(by: count)
    }
    progress?.finish()
    return bytes
  }

  /// The bytes of a range of main flash of which the loader tells what is blank.
  func read(_ range: Range<UInt32>, skippingBlankBy loader: Loader) throws(FlashError) -> [UInt8] {
    var progress = PhaseProgress(.reading, total: range.count, clock: access.clock, observer: observer)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count)
    var next = range.lowerBound
    while next < range.upperBound {
      let rows = (next + 15) / 16 * 16..<range.upperBound / 16 * 16
      let endsBlank = bytes.suffix(FlashReader.shortestBlank).allSatisfy { $0 == 0xFF }
      if endsBlank, rows.lowerBound < rows.upperBound, rows.lowerBound == next {
        let programmed = try loader.firstProgrammed(in: rows) ?? rows.upperBound
        bytes += repeatElement(0xFF, count: Int(programmed - next))
        progress.advance(by: Int(programmed - next))
        next = programmed
      }
      // It takes a host that reads for ten seconds for gone.
      try loader.stayAwake()
      let count = min(FlashReader.bytesPerCommand, Int(range.upperBound - next))
      if count > 0 { bytes += try readPiece(at: next, byteCount: count) }
      progress.advance(by: count)
      next += UInt32(count)
    }
    progress.finish()
    return bytes
  }

  /// So many blank bytes at the end of what was read are worth a question.
  private static let shortestBlank = 256

  func readPiece(at address: UInt32, byteCount: Int) throws(FlashError) -> [UInt8] {
    do throws(FlashError) {
      return try FlashError.wrapping("reading \(byteCount.inBytes) at \(address.hexadecimal)") {
        () throws(DebugError) in
        guard let bankSwap else { return try access.readMemory(at: address, byteCount: byteCount) }
        var bytes: [UInt8] = []
        for place in bankSwap.places(of: address, byteCount: byteCount) {
          bytes += try access.readMemory(at: place.address, byteCount: place.byteCount)
        }
        return bytes
      }
    } catch {
      var error = error
      error.evidence.address = address
      throw error
    }
  }
}
