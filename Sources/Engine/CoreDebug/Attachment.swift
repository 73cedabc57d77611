/// A target that we hold, and the way to let go of it.
package struct Attachment {
  /// The probe.
  let link: STLink
  /// The target's core.
  let core: CoreControl
  /// How the target was got hold of.
  let report: AttachReport

  /// The target's debug unit before we took it; nil where we did not.
  let unit: DebugUnit?
  /// Whether the core stands at its reset vector.
  let startsAnew: Bool
  /// DBGMCU_CR before the clocks of a sleeping core were kept on; nil where they did not have to be.
  let controlBefore: DBGMCUControl?

  /// Takes the core of a target that has only been looked at.
  ///
  /// - Parameter unit: what has to be given back, on every way out.
  func hold(_ unit: inout DebugUnit?) throws(DebugError) {
    try DebugUnit.hold(core, link, controlBefore: controlBefore, &unit)
  }

  /// The debug unit of a target that has only been looked at.
  func observe() throws(DebugError) -> DebugUnit {
    try completed(try DebugUnit.observe(link))
  }

  /// Lets go of the target in a stated condition; the probe stays open.
  ///
  /// What is a debugger's is taken out of the debug unit and DBGMCU gets its old bits back before the core runs; nothing
  /// is written after that. Every step is tried whatever the ones before it did, and an interruption is not looked at any
  /// more.
  ///
  /// - Parameters:
  ///   - leaving: what the core is to do; nil to leave it as the mode suggests: untouched after a hot plug, else running.
  ///   - keepingDebugConfiguration: whether DBGMCU stays as we set it, for a debugger that follows.
  /// - Returns: what the target was left doing.
  /// - Throws: the first error of any step, after the last step.
  func detach(
    leaving: CoreLeaving? = nil, keepingDebugConfiguration: Bool = false
  ) throws(DebugError) -> DetachedState {
    let leaving = leaving ?? (report.mode == .hotPlug ? .asFound : .running)
    return try detach(leaving, unit, startsAnew: startsAnew, keepsConfiguration: keepingDebugConfiguration)
  }

  /// The same for whoever has taken the core, or reset it, since.
  func detach(
    _ leaving: CoreLeaving, _ unit: DebugUnit?, startsAnew: Bool, keepsConfiguration: Bool = false
  ) throws(DebugError) -> DetachedState {
    link.channel.ignoreInterruption()
    link.recoversFromWireErrors = false
    let restoresConfiguration = (unit?.configuration != nil || controlBefore != nil) && !keepsConfiguration
    switch leaving {
    case .running:
      try unitToLeave(unit).letGo(link, startsAnew: startsAnew, keepsConfiguration: keepsConfiguration)
      return DetachedState(core: try statusAfterwards(), debugConfigurationIsRestored: restoresConfiguration)
    case .halted:
      try unitToLeave(unit).leaveHalted(link, startsAnew: startsAnew, keepsConfiguration: keepsConfiguration)
      return DetachedState(core: try core.status(), debugConfigurationIsRestored: restoresConfiguration)
    case .asFound:
      let status = try core.status()
      if let configuration = unit?.configuration, restoresConfiguration {
        try configuration.apply(to: link)
      } else if let controlBefore, restoresConfiguration {
        try link.write(controlBefore)
      }
      return DetachedState(core: status, debugConfigurationIsRestored: restoresConfiguration)
    }
  }

  private func unitToLeave(_ unit: DebugUnit?) throws(DebugError) -> DebugUnit {
    if let unit { return try completed(unit) }
    return try observe()
  }

  /// The same with DBGMCU as it was, where its clocks were kept on and nothing else of it was changed.
  private func completed(_ unit: DebugUnit) throws(DebugError) -> DebugUnit {
    guard let controlBefore, unit.configuration == nil else { return unit }
    var unit = unit
    unit.configuration = try DebugConfiguration.find(link, controlBefore: controlBefore)
    return unit
  }

  /// What the core does now that it is on its own; nil where it does not answer any more, as one that sleeps with its
  /// debug clocks off.
  private func statusAfterwards() throws(DebugError) -> CoreStatus? {
    do throws(DebugError) {
      return try core.status()
    } catch {
      guard error.isOfTheTarget else { throw error }
      return nil
    }
  }
}

/// What the core is to do when its debugger leaves.
public enum CoreLeaving: Sendable, Hashable {
  /// Run on its own: C_DEBUGEN off.
  case running
  /// Stay halted, with C_DEBUGEN on: after a failed write nothing may start.
  case halted
  /// Whatever it does.
  case asFound
}

/// The condition in which a target was left.
struct DetachedState: Sendable, Hashable {
  /// What the core was doing when it was last looked at; nil where it ran and then did not answer any more.
  var core: CoreStatus?
  /// Whether DBGMCU has its old bits back.
  var debugConfigurationIsRestored: Bool
}
