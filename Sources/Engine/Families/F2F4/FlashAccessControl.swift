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
