/// The caches between the flash and the bus (FLASH_ACR), which also serve the debugger's reads.
///
/// Erasing does not invalidate their lines, so that what is read after it may be old (RM0090, 3.5.2).
struct FlashCaches {
  private static let instructionCache = RegisterField("ICEN", 9)
  private static let dataCache = RegisterField("DCEN", 10)
  private static let instructionReset = RegisterField("ICRST", 11)
  private static let dataReset = RegisterField("DCRST", 12)
  private static let enables = instructionCache.mask | dataCache.mask
  private static let resets = instructionReset.mask | dataReset.mask

  let access: any DebugAccess

  /// Runs `body` with the caches off and emptied, and turns on again what was on.
  func withFreshReads<Result>(_ body: () throws(FlashError) -> Result) throws(FlashError) -> Result {
    let before = try FlashError.wrapping("reading the cache settings") { () throws(DebugError) in
      try access.readWord(at: FlashRegister.accessControl)
    }
    guard before & FlashCaches.enables != 0 else { return try body() }
    let off = before & ~(FlashCaches.enables | FlashCaches.resets)
    let result: Result
    do throws(FlashError) {
      // The resets are accepted only while the caches are off, and stay set until they are cleared.
      for value in [off, off | FlashCaches.resets, off] {
        try write(value)
      }
      result = try body()
    } catch {
      var error = error
      do throws(FlashError) {
        try restore(before)
      } catch let second {
        error.cleanupFailures.append("the caches could not be turned on again: \(second.report.summary)")
      }
      throw error
    }
    try restore(before)
    return result
  }

  /// Turns the caches on again, even when somebody asks to stop just then.
  private func restore(_ value: UInt32) throws(FlashError) {
    do throws(FlashError) {
      try write(value & ~FlashCaches.resets)
    } catch {
      guard case .interrupted = error.cause else { throw error }
      try write(value & ~FlashCaches.resets)
      throw error
    }
  }

  private func write(_ value: UInt32) throws(FlashError) {
    try FlashError.wrapping("setting the flash caches") { () throws(DebugError) in
      try access.writeWord(value, at: FlashRegister.accessControl)
    }
  }
}
