import Failures

/// The caches between the flash and the bus (FLASH_ACR), which also serve the debugger's reads.
///
/// Erasing does not invalidate their lines, so that what is read after it may be old (RM0090, 3.5.2).
struct FlashCaches {
  let access: any DebugAccess

  /// Runs `body` with the caches off and emptied, and turns on again what was on.
  func withFreshReads<Result>(_ body: () throws(FlashError) -> Result) throws(FlashError) -> Result {
    let before = try FlashError.wrapping("reading the cache settings") { () throws(DebugError) in
      try access.read(FlashAccessControl.self)
    }
    guard before.hasCache else { return try body() }
    let off = before.with(caches: false, reset: false)
    let result: Result
    do throws(FlashError) {
      // The resets are accepted only while the caches are off, and stay set until they are cleared.
      for value in [off, off.with(caches: false, reset: true), off] {
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
  private func restore(_ before: FlashAccessControl) throws(FlashError) {
    let value = before.withoutCacheResets
    do throws(FlashError) {
      try write(value)
    } catch {
      guard case .interrupted = error.cause else { throw error }
      try write(value)
      throw error
    }
  }

  private func write(_ value: FlashAccessControl) throws(FlashError) {
    try FlashError.wrapping("setting the flash caches") { () throws(DebugError) in
      try access.write(value)
    }
  }
}
