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
    let flags: [Field<DBGMCUControl, Bool>] = [.debugInSleep, .debugInStop, .debugInStandby]
    return flags.map(\.info)
  }
}

extension Field where Register == DBGMCUControl, Value == Bool {
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

/// What a target did with its debug configuration before we changed it.
struct DebugConfiguration: Sendable, Equatable {
  var control: DBGMCUControl
  var freeze: DBGMCUAPB1Freeze

  /// The same with the debug clocks on in every low-power mode and the watchdogs frozen while the core is halted.
  ///
  /// Without the first, a target that sleeps stops answering; without the second, a watchdog resets a halted one.
  var prepared: DebugConfiguration {
    var prepared = self
    prepared.control[.debugInSleep] = true
    prepared.control[.debugInStop] = true
    prepared.control[.debugInStandby] = true
    prepared.freeze[.windowWatchdog] = true
    prepared.freeze[.independentWatchdog] = true
    return prepared
  }

  /// What a target has; only reads, so that whoever changes it knows the way back before anything is written.
  ///
  /// Where the target holds what an earlier look has led us to set, that look still stands for what the target itself had.
  ///
  /// - Parameters:
  ///   - earlier: what an earlier look has found.
  ///   - controlBefore: DBGMCU_CR alone, from before the clocks of a sleeping core were kept on.
  static func find(
    _ access: any DebugAccess, after earlier: DebugConfiguration? = nil, controlBefore: DBGMCUControl? = nil
  ) throws(DebugError) -> DebugConfiguration {
    var found = DebugConfiguration(
      control: try access.read(DBGMCUControl.self), freeze: try access.read(DBGMCUAPB1Freeze.self))
    if let earlier, found == earlier.prepared { return earlier }
    if let controlBefore { found.control = controlBefore }
    return found
  }

  /// Keeps the debug clocks on and freezes the watchdogs, these first: a halted core does not reload them.
  func prepare(_ access: any DebugAccess) throws(DebugError) {
    try access.write(prepared.freeze)
    try access.write(prepared.control)
  }

  /// Writes it; the watchdogs last, because they may run on from then on.
  func apply(to access: any DebugAccess) throws(DebugError) {
    try access.write(control)
    try access.write(freeze)
  }
}
