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

/// FLASH_ACR (RM0090, 3.9.1; RM0033, 3.6.1).
struct FlashAccessControl: Register32 {
  static let name = "FLASH_ACR"
  static let address: UInt32 = 0x4002_3C00
  var rawValue: UInt32

  static var fields: [FieldInfo] {
    let flags: [Field<FlashAccessControl, Bool>] = [
      .prefetch, .instructionCache, .dataCache, .resetInstructionCache, .resetDataCache,
    ]
    return [Field<FlashAccessControl, UInt32>.latency.info] + flags.map(\.info)
  }

  var hasCache: Bool { self[.instructionCache] || self[.dataCache] }

  /// The same with both resets clear.
  var withoutCacheResets: FlashAccessControl {
    var value = self
    value[.resetInstructionCache] = false
    value[.resetDataCache] = false
    return value
  }

  /// The same with both caches on or off and both resets set or clear; latency and prefetch stay.
  func with(caches: Bool, reset: Bool) -> FlashAccessControl {
    var value = self
    value[.instructionCache] = caches
    value[.dataCache] = caches
    value[.resetInstructionCache] = reset
    value[.resetDataCache] = reset
    return value
  }
}

extension Field where Register == FlashAccessControl, Value == UInt32 {
  /// LATENCY: the wait states of a read; 3 bits on dies that need no more than 7.
  static var latency: Self { Self("LATENCY", 0...3) }
}

extension Field where Register == FlashAccessControl, Value == Bool {
  static var prefetch: Self { Self("PRFTEN", 8) }
  static var instructionCache: Self { Self("ICEN", 9) }
  static var dataCache: Self { Self("DCEN", 10) }
  static var resetInstructionCache: Self { Self("ICRST", 11) }
  static var resetDataCache: Self { Self("DCRST", 12) }
}
