import Basics
import Failures
import LinkInterface

// How a target is connected to and told from others: clocks, latched links, cores that sleep.
extension Attach {
  struct Found {
    var dpidr: UInt32
    var cpuid: CPUID
  }

  /// Connects and reads who is there, at lower SWD clocks where the one that is set fails.
  ///
  /// Only reads, but where the target sleeps (`keepAwake`) or the link is latched.
  func connect(_ action: String) throws(DebugError) -> Found {
    let failure: DebugError
    do throws(DebugError) {
      let found = try step(action) { () throws(DebugError) in try identify() }
      try link.settleClock()
      return found
    } catch {
      guard error.mayBeOfTheClock, let original = link.clockSetting.actualKHz else { throw error }
      failure = error
      if let found = try connectSlowly(action, after: error, at: original) { return found }
    }
    if failure.isOfLatchedLink, let found = try connectAfterCoreReset() { return found }
    throw failure
  }

  /// Resets the core by the probe's own command, RESETSYS, and connects anew; nil where that does not help.
  ///
  /// The link may be latched: ENTER works, and every access after it fails, at every clock (seen on an F446 behind V2J30
  /// after a programmer was killed). Nothing else brings it back. A hot plug resets nothing.
  private func connectAfterCoreReset() throws(DebugError) -> Found? {
    let action = AttachStep.coreResetAction
    guard mode != .hotPlug, !hasResetCore else {
      let outcome = hasResetCore ? "tried already" : "not tried: a hot plug resets nothing"
      steps.append(AttachStep(action: action, outcome: outcome, hasWorked: false))
      return nil
    }
    hasResetCore = true
    var found: Found?
    try attempt(action) { () throws(DebugError) in
      try link.resetCore()
      found = try identify()
    }
    if found != nil {
      onDelay("the target answered no access although it could be connected to; a reset of the core (RESETSYS) helped")
    }
    return found
  }

  /// Tries clocks that bad wires may still carry; nil where none helps, and the clock is as before then.
  ///
  /// Where something answers and is garbled, the next lower clock may do; where nothing answers, two are enough.
  private func connectSlowly(
    _ action: String, after failure: DebugError, at original: Int
  ) throws(DebugError) -> Found? {
    var clocks = link.lowerClocksKHz
    if !failure.mayBeOfTheWires {
      clocks.removeAll { $0 > Attach.slowKHz }
      clocks = [clocks.first, clocks.dropFirst().last].compactMap { $0 }
    }
    for kHz in clocks {
      do throws(DebugError) {
        try link.setClock(kHz: kHz)
        let found = try identify()
        steps.append(AttachStep(action: "\(action) at \(kHz.frequency)", outcome: "done", hasWorked: true))
        link.note(ClockReduction(fromKHz: original, toKHz: kHz, reason: failure.report.summary))
        return found
      } catch {
        guard error.isOfTheTarget else { throw error }
      }
    }
    try link.setClock(kHz: original)
    if !clocks.isEmpty && !steps.isEmpty {
      steps[steps.count - 1].outcome += ", nor at " + clocks.map { $0.frequency }.joined(separator: " or ")
    }
    return nil
  }

  /// Connects and reads who is there.
  private func identify() throws(DebugError) -> Found {
    if let identity = openIdentity {
      openIdentity = nil
      return try read(dpidr: identity)
    }
    let dpidr: UInt32
    do throws(DebugError) {
      dpidr = try link.enter()
    } catch {
      guard error.isOfTheTarget else { throw error }
      link.clock.wait(for: Attach.retryPause)
      return try read(dpidr: try link.enter())
    }
    return try read(dpidr: dpidr)
  }

  /// A debug port that reads all zeros or all ones is no debug port, whatever the status says.
  private func read(dpidr: UInt32) throws(DebugError) -> Found {
    guard dpidr != 0 && dpidr != .max else { throw STLink.noDebugPort }
    let cpuid = try readIdentityAwake()
    if cpuid.isCortexM3OrM4 { link.useCortexM3AddressWrap() }
    return Found(dpidr: dpidr, cpuid: cpuid)
  }
}

extension DebugError {
  /// Whether a lower SWD clock may help: nothing answered, or the wires garbled it.
  fileprivate var mayBeOfTheClock: Bool {
    fault?.kind == .silent || mayBeOfTheWires
  }

  /// Whether ENTER worked and the first look at the target failed: no debug port told its DPIDR, or no access was
  /// acknowledged.
  fileprivate var isOfLatchedLink: Bool {
    guard case .fault(let fault, let command, _) = self else { return false }
    return command != STLinkOpcode.enter.name && (fault.kind == .silent || fault.kind == .lost)
  }
}
