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
