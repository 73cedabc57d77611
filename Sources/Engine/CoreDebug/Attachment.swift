/// A target that we hold, and the way to let go of it.
public struct Attachment {
  /// The probe.
  public let link: STLink
  /// The target's core.
  public let core: CoreControl
  /// How the target was got hold of.
  public let report: AttachReport

  /// The target's debug configuration before we changed it; nil where we did not.
  let foundConfiguration: DebugConfiguration?

  /// Lets go of the target in a stated condition; the probe stays open.
  ///
  /// DEMCR is cleared, so that no vector catch stops the target later, and DBGMCU gets its old bits back. Every step is
  /// tried whatever the ones before it did, and an interruption is not looked at any more.
  ///
  /// - Parameters:
  ///   - leaving: what the core is to do; nil to leave it as the mode suggests: untouched after a hot plug, else running.
  ///   - keepingDebugConfiguration: whether DBGMCU stays as we set it, for a debugger that follows.
  /// - Returns: what the target was left doing.
  /// - Throws: the first error of any step, after the last step.
  public func detach(
    leaving: CoreLeaving? = nil, keepingDebugConfiguration: Bool = false
  ) throws(DebugError) -> DetachedState {
    link.channel.ignoreInterruption()
    link.recoversFromWireErrors = false
    let leaving = leaving ?? (report.mode == .hotPlug ? .asFound : .running)
    var failure: DebugError?
    if leaving != .asFound {
      do throws(DebugError) { try link.write(DEMCR.clean) } catch { failure = error }
      let request = leaving == .running ? DHCSR.disableDebug : DHCSR.request(halt: true)
      do throws(DebugError) { try link.write(request) } catch { failure = failure ?? error }
    }
    let status = Result { () throws(DebugError) in try core.status() }
    // Last of all: with its old configuration a core that sleeps no longer answers.
    var restoresConfiguration = false
    if let foundConfiguration, !keepingDebugConfiguration {
      do throws(DebugError) {
        try foundConfiguration.apply(to: link)
        restoresConfiguration = true
      } catch { failure = failure ?? error }
    }
    if let failure { throw failure }
    return DetachedState(core: try status.get(), debugConfigurationIsRestored: restoresConfiguration)
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
public struct DetachedState: Sendable, Hashable {
  /// What the core was doing when it was last looked at, before DBGMCU got its old bits back.
  public var core: CoreStatus
  /// Whether DBGMCU has its old bits back.
  public var debugConfigurationIsRestored: Bool
}
