/// What the debug unit of a target held before a session took it, and the way back.
///
/// A session owns the debug unit while it holds the core. Before firmware runs again, everything of a debugger's is taken
/// out while the core still stands; the last write is the one that lets it go, and nothing is written after that.
struct DebugUnit: Sendable, Equatable {
  /// DEMCR as it was; nil where nothing has been written to it.
  var monitor: DEMCR?
  /// DBGMCU as it was; nil where the chip has none or it was not changed.
  var configuration: DebugConfiguration?
  /// DHCSR as it was.
  var halting: DHCSR

  /// Whether halting debug was enabled already: only a debugger can do that, and the comparators are its own then.
  var hadDebugger: Bool { halting[.debugEnable] }

  /// Looks at a debug unit that nobody of ours has touched; only reads.
  static func observe(_ access: any DebugAccess) throws(DebugError) -> DebugUnit {
    DebugUnit(
      monitor: try access.read(DEMCR.self), configuration: nil,
      halting: try access.read(DHCSR.self))
  }

  /// Takes a running target's debug unit: halts the core first, so that no firmware sees its registers change.
  ///
  /// - Parameters:
  ///   - controlBefore: DBGMCU_CR before the clocks of a sleeping core were kept on; nil where they were not.
  ///   - unit: what it held, as far as it is known when something is changed: who is stopped in between lets it go by that.
  static func hold(
    _ core: CoreControl, _ access: any DebugAccess, controlBefore: DBGMCUControl?, _ unit: inout DebugUnit?
  ) throws(DebugError) {
    unit = DebugUnit(monitor: nil, configuration: nil, halting: try access.read(DHCSR.self))
    try core.halt()
    unit?.monitor = try access.read(DEMCR.self)
    let configuration = try DebugConfiguration.find(access, controlBefore: controlBefore)
    unit?.configuration = configuration
    try configuration.prepare(access)
  }

  /// Lets a halted core go on its own; every step is tried, whatever the ones before it did.
  ///
  /// - Parameters:
  ///   - startsAnew: whether the core stands at its reset vector. Firmware sets its own debug registers up from there,
  ///     and whatever comparators hold is somebody else's. Where it goes on instead, what it has set up itself stays.
  ///   - keepsConfiguration: whether DBGMCU stays as we set it.
  /// - Throws: the first error of any step, after the last step.
  func letGo(
    _ access: any DebugAccess, startsAnew: Bool, keepsConfiguration: Bool = false
  ) throws(DebugError) {
    var attempts = Attempts()
    // Ends masking while the core is still halted: C_MASKINTS and C_HALT may not change at once (ARMv7-M, table C1-9).
    attempts.attempt { () throws(DebugError) in try access.write(DHCSR.request(halt: true)) }
    attempts.attempt { () throws(DebugError) in try cleanUp(access, startsAnew: startsAnew) }
    if let configuration, !keepsConfiguration {
      attempts.attempt { () throws(DebugError) in try configuration.apply(to: access) }
    }
    attempts.attempt { () throws(DebugError) in try access.write(DHCSR.disableDebug) }
    try attempts.finish()
  }

  /// Leaves the core halted with a clean debug unit; every step is tried, as in `letGo`.
  func leaveHalted(
    _ access: any DebugAccess, startsAnew: Bool, keepsConfiguration: Bool = false
  ) throws(DebugError) {
    var attempts = Attempts()
    attempts.attempt { () throws(DebugError) in try access.write(DHCSR.request(halt: true)) }
    attempts.attempt { () throws(DebugError) in try cleanUp(access, startsAnew: startsAnew) }
    if let configuration, !keepsConfiguration {
      attempts.attempt { () throws(DebugError) in try configuration.apply(to: access) }
    }
    try attempts.finish()
  }

  /// Takes what is a debugger's out of DEMCR, DFSR and, where they cannot be the firmware's, the comparators.
  private func cleanUp(_ access: any DebugAccess, startsAnew: Bool) throws(DebugError) {
    let monitor = try monitorControl(access)
    if startsAnew || hadDebugger {
      try access.write(monitor.seeingTrace)
      try Comparators.clear(access)
    }
    try access.write(startsAnew ? monitor.afterReset : monitor.withoutCatches)
    // Whose handler of debug exceptions reads it next finds no reasons of ours.
    try access.write(DFSR.clearAll)
  }

  private func monitorControl(_ access: any DebugAccess) throws(DebugError) -> DEMCR {
    if let monitor { return monitor }
    return try access.read(DEMCR.self)
  }

  /// Takes what an earlier debugger has left out of a core that has just been reset and halted.
  ///
  /// A watchpoint would stop the loader, an armed catch the next reset.
  func takeOver(_ access: any DebugAccess) throws(DebugError) {
    let monitor = try monitorControl(access)
    try access.write(monitor.seeingTrace)
    try Comparators.clear(access)
    try access.write(monitor.afterReset)
  }
}

/// Steps that are all tried, whatever became of the ones before.
private struct Attempts {
  private var failure: DebugError?

  mutating func attempt(_ body: () throws(DebugError) -> Void) {
    do throws(DebugError) { try body() } catch { failure = failure ?? error }
  }

  /// Throws the first error of any step.
  func finish() throws(DebugError) {
    if let failure { throw failure }
  }
}

extension DEMCR {
  /// The same with nothing caught.
  var withoutCatches: DEMCR {
    var value = self
    for field in DEMCR.catches { value[field] = false }
    return value
  }

  /// What is left of it after a reset of the core, which clears MON_EN and its neighbours, with nothing caught.
  var afterReset: DEMCR {
    var value = DEMCR.clean
    value[.traceEnable] = self[.traceEnable]
    return value
  }

  /// Nothing caught, the DWT to be seen.
  var seeingTrace: DEMCR {
    var value = withoutCatches
    value[.traceEnable] = true
    return value
  }

  /// Every vector catch.
  static let catches: [Field<DEMCR, Bool>] = [
    .catchReset, .catchMemoryFault, .catchNoCoprocessor, .catchCheckError, .catchStateError, .catchBusFault,
    .catchInterruptError, .catchHardFault,
  ]
}
