/// DBGMCU_CR: which clocks stay on for the debugger in low-power modes (RM0090, 38.16.3; RM0033, 32.16.3).
///
/// Writable under system reset; cleared by power-on only.
struct DBGMCUControl: Register32 {
  /// The manual's name.
  static let name = "DBGMCU_CR"
  /// On the private peripheral bus, the same on every F2 and F4.
  static let address: UInt32 = 0xE004_2004
  /// The register's bits.
  var rawValue: UInt32

  /// Makes a value from the register's bits.
  init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Every named field, lowest first.
  static var fields: [FieldInfo] {
    let flags: [Field<DBGMCUControl, Bool>] = [.debugInSleep, .debugInStop, .debugInStandby, .traceEnable]
    return flags.map(\.info) + [Field<DBGMCUControl, UInt32>.traceMode.info]
  }
}

extension Field where Register == DBGMCUControl, Value == UInt32 {
  /// TRACE_MODE: 0 is one pin (SWO, PB3).
  static var traceMode: Self { Self("TRACE_MODE", 6...7) }
}

extension Field where Register == DBGMCUControl, Value == Bool {
  /// TRACE_IOEN: the trace port has its pins.
  static var traceEnable: Self { Self("TRACE_IOEN", 5) }
  /// DBG_SLEEP: FCLK and HCLK stay on in Sleep.
  static var debugInSleep: Self { Self("DBG_SLEEP", 0) }
  /// DBG_STOP: FCLK and HCLK stay on in Stop.
  static var debugInStop: Self { Self("DBG_STOP", 1) }
  /// DBG_STANDBY: the digital part stays powered in Standby.
  static var debugInStandby: Self { Self("DBG_STANDBY", 2) }
}

/// DBGMCU_APB1_FZ: which peripherals of APB1 stop while the core is halted (RM0090, 38.16.4).
struct DBGMCUAPB1Freeze: Register32 {
  /// The manual's name.
  static let name = "DBGMCU_APB1_FZ"
  /// On the private peripheral bus, the same on every F2 and F4.
  static let address: UInt32 = 0xE004_2008
  /// The register's bits.
  var rawValue: UInt32

  /// Makes a value from the register's bits.
  init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Every named field, lowest first.
  static var fields: [FieldInfo] {
    let flags: [Field<DBGMCUAPB1Freeze, Bool>] = [.windowWatchdog, .independentWatchdog]
    return flags.map(\.info)
  }
}

extension Field where Register == DBGMCUAPB1Freeze, Value == Bool {
  /// DBG_WWDG_STOP: the window watchdog.
  static var windowWatchdog: Self { Self("DBG_WWDG_STOP", 11) }
  /// DBG_IWDG_STOP: the independent watchdog.
  static var independentWatchdog: Self { Self("DBG_IWDG_STOP", 12) }
}
