/// RCC_CSR: what has reset the chip since the flags were last cleared (RM0090, 6.3.21).
///
/// Every internal reset pulls the NRST pin too, so PINRSTF alone tells nothing.
public struct ResetFlags: Register32 {
  /// The manual's name.
  public static let name = "RCC_CSR"
  /// The same on every F2 and F4.
  public static let address: UInt32 = 0x4002_3874
  /// The register's bits.
  public var rawValue: UInt32

  /// Makes a value from the register's bits.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Every named field, lowest first.
  public static var fields: [FieldInfo] {
    let flags: [Field<ResetFlags, Bool>] = [
      .removeFlags, .brownOut, .pin, .powerOn, .software, .independentWatchdog, .windowWatchdog, .lowPower,
    ]
    return flags.map(\.info)
  }

  /// Whether a watchdog has bitten.
  public var isWatchdog: Bool { self[.independentWatchdog] || self[.windowWatchdog] }
  /// Whether the supply has fallen below the threshold of a brown-out or power-on reset.
  public var isOfTheSupply: Bool { self[.brownOut] || self[.powerOn] }

  /// The names of the flags that are set.
  public var names: [String] {
    let flags: [Field<ResetFlags, Bool>] = [
      .brownOut, .pin, .powerOn, .software, .independentWatchdog, .windowWatchdog, .lowPower,
    ]
    return flags.filter { self[$0] }.map(\.info.name)
  }

  /// The flags of a reset that came after an earlier look, as far as they tell it.
  ///
  /// A reset of the supply begins them anew (reset value 0x0E00_0000, kept by every other reset), any other one adds its
  /// own. One that adds nothing was of a kind that had been there before, which no debugger's SYSRESETREQ shows.
  func since(_ earlier: ResetFlags?) -> ResetFlags {
    guard let earlier else { return self }
    let before = Set(earlier.names)
    let now = Set(names)
    if !before.isSubset(of: now) { return self }
    var flags = self
    let kinds: [Field<ResetFlags, Bool>] = [
      .brownOut, .powerOn, .software, .independentWatchdog, .windowWatchdog, .lowPower,
    ]
    if now == before {
      for kind in [.brownOut, .powerOn, .software] as [Field<ResetFlags, Bool>] { flags[kind] = false }
    } else {
      for kind in kinds where earlier[kind] { flags[kind] = false }
    }
    return flags
  }
}

extension Field where Register == ResetFlags, Value == Bool {
  /// RMVF: clears the flags.
  public static var removeFlags: Self { Self("RMVF", 24) }
  /// BORRSTF: a brown-out or power-on reset.
  public static var brownOut: Self { Self("BORRSTF", 25) }
  /// PINRSTF: NRST was low, by whatever.
  public static var pin: Self { Self("PINRSTF", 26) }
  /// PORRSTF: a power-on or power-down reset.
  public static var powerOn: Self { Self("PORRSTF", 27) }
  /// SFTRSTF: SYSRESETREQ.
  public static var software: Self { Self("SFTRSTF", 28) }
  /// IWDGRSTF: the independent watchdog.
  public static var independentWatchdog: Self { Self("IWDGRSTF", 29) }
  /// WWDGRSTF: the window watchdog.
  public static var windowWatchdog: Self { Self("WWDGRSTF", 30) }
  /// LPWRRSTF: a low-power mode that the option bytes forbid.
  public static var lowPower: Self { Self("LPWRRSTF", 31) }
}
