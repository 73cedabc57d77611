import Failures
import LinkInterface

/// Gets hold of a target: connects, halts, and keeps it from sleeping or being reset by its watchdogs.
package final class Attach {
  let link: STLink
  let core: CoreControl
  let mode: AttachMode
  let onDelay: (String) -> Void
  var steps: [AttachStep] = []
  private var resetLine = ResetLineFinding.notTested
  /// Until when somebody may hold the reset button.
  private let buttonDeadline: Deadline
  /// The debug unit as the first look found it, with whatever has been changed since.
  var unit = DebugUnit(monitor: nil, configuration: nil, halting: DHCSR(rawValue: 0))
  /// Whether anything of the target's debug unit has been written.
  private var hasTouched = false
  /// Whether RESETSYS has been tried.
  var hasResetCore = false
  /// DBGMCU_CR before the clocks of a target that sleeps most of the time were asked for; nil where they were not.
  var controlBefore: DBGMCUControl?

  /// What the debug port has answered that was open from the start, until it has been made use of.
  var openIdentity: UInt32?

  /// How long NRST is low before we connect: for a capacitor on the line to discharge (st-flash: 20 µs, pyOCD: 100 ms).
  private static let resetSettling: Duration = .milliseconds(1)
  /// How long a reset may last that nobody holds: NRST's capacitor, and a few restarts.
  private static let resetPatience: Duration = .milliseconds(100)
  /// How long a flash operation of somebody else may go on: the longest erase of everything takes 32 s (data sheets, x8),
  /// and clocks differ.
  private static let flashPatience: Duration = .seconds(40)
  private static let flashPause: Duration = .milliseconds(20)
  /// How many times a program is raced that closes the debug port after a reset.
  private static let raceRounds = 20
  /// What wires carry that do not carry the usual clocks: long ones, without a ground beside them.
  static let slowKHz = 500
  /// The pause before a connect is tried again: a target that sleeps may wake in between.
  static let retryPause: Duration = .milliseconds(10)

  /// Gets hold of the target behind a probe.
  ///
  /// Listing and describing a probe need none of this; nothing here runs before it is asked for.
  ///
  /// - Parameters:
  ///   - link: the open probe.
  ///   - mode: how.
  ///   - identity: what the debug port has answered that is open already; nil where it has to be opened.
  ///   - buttonPatience: how long somebody may hold the reset button.
  ///   - onDelay: is told of what makes it take seconds, before it does, and of what had to be reset for it.
  /// - Returns: the target, halted unless the mode is `hotPlug`.
  /// - Throws: `DebugError.attachFailed` when the target does not answer or does not halt; errors of the probe itself as
  ///   they are. NRST is released in any case.
  package static func run(
    _ link: STLink, mode: AttachMode = .automatic, openWith identity: UInt32? = nil, buttonPatience: Duration = .zero,
    onDelay: @escaping (String) -> Void = { _ in }
  ) throws(DebugError) -> Attachment {
    let attach = Attach(link: link, mode: mode, buttonPatience: buttonPatience, onDelay: onDelay)
    attach.openIdentity = identity
    do throws(DebugError) {
      switch mode {
      case .normal: return try attach.normal()
      case .hotPlug: return try attach.hotPlug()
      case .underReset: return try attach.underReset()
      case .automatic: return try attach.automatic()
      }
    } catch {
      let isOfTheTarget = error.isOfTheTarget
      if isOfTheTarget || error == .interrupted { attach.giveUp() }
      guard isOfTheTarget else { throw error }
      throw .attachFailed(attach.failure(error))
    }
  }

  /// Takes our own settings out of a target that was not got hold of, as far as it answers.
  private func giveUp() {
    guard hasTouched || controlBefore != nil else { return }
    link.channel.ignoreInterruption()
    // What went wrong is the error that led here.
    if let controlBefore, unit.configuration == nil { try? link.write(controlBefore) }
    if hasTouched { try? unit.letGo(link, startsAnew: false) }
  }

  private init(link: STLink, mode: AttachMode, buttonPatience: Duration, onDelay: @escaping (String) -> Void) {
    self.onDelay = onDelay
    buttonDeadline = link.clock.deadline(after: buttonPatience)
    self.link = link
    self.mode = mode
    core = CoreControl(link)
  }

  private func failure(_ cause: DebugError) -> AttachFailure {
    // A probe that cannot tell the voltage now has told what matters already.
    let millivolts = (try? link.targetMillivolts()) ?? nil
    // Only a probe that was made for one board carries the board's identifier.
    let identifier = (try? link.boardIdentifier()) ?? nil
    return AttachFailure(
      requestedMode: mode, steps: steps, cause: cause, targetMillivolts: millivolts, product: link.product,
      resetLine: resetLine, isProbeOnBoard: identifier != nil)
  }
}

extension Attach {
  private func automatic() throws(DebugError) -> Attachment {
    do throws(DebugError) {
      return try normal()
    } catch {
      guard error.isOfTheTarget else { throw error }
    }
    return try underReset()
  }

  private func hotPlug() throws(DebugError) -> Attachment {
    let found = try connect("connect without touching the target")
    try seeWhetherItStaysAwake()
    try waitForFlash()
    try step("find the core out of reset") { () throws(DebugError) in try waitForEndOfReset() }
    return attachment(.hotPlug, found, nil)
  }

  /// A chip that is held in reset refuses its memory: better told at once.
  private func waitForEndOfReset() throws(DebugError) {
    _ = try link.read(DHCSR.self)
    _ = try core.poll("the core to come out of reset", within: Attach.resetPatience, toleratesStatus: true) {
      !$0[.reset] || $0[.retired]
    }
  }

  /// Connects, halts, and prepares DBGMCU then: firmware that looks at it must not see it change.
  ///
  /// A target that sleeps with its clocks off may take DBGMCU's bits and halt then. One whose watchdog bites between the
  /// halt and the freeze is halted again.
  private func normal() throws(DebugError) -> Attachment {
    // A program that was killed may have left NRST low.
    try link.driveReset(.released)
    let found = try connect("connect without reset")
    try waitForFlash()
    do throws(DebugError) {
      try step("halt the core") { () throws(DebugError) in try halt() }
      try prepareConfiguration()
    } catch {
      guard error.isOfTheTarget, try error.isWait ? keepAwake() : prepareConfiguration() else { throw error }
      try step("halt the core with its clocks on") { () throws(DebugError) in try halt() }
    }
    if controlBefore != nil { try prepareConfiguration() }
    if try !link.read(DHCSR.self)[.halted] {
      try step("halt the core once more") { () throws(DebugError) in try halt() }
    }
    return attachment(.normal, found, unit)
  }

  private func halt() throws(DebugError) {
    let halting = try link.read(DHCSR.self)
    if !hasTouched { unit.halting = halting }
    hasTouched = true
    try core.halt()
    unit.monitor = try link.read(DEMCR.self)
  }

  /// Connects while NRST is low, arms the reset vector catch, and lets NRST go.
  ///
  /// NRST is driven before and after ENTER, because firmware may drive another pin before it (OpenOCD). A target whose
  /// NRST is not wired ran all the while; it is halted and reset by SYSRESETREQ instead.
  private func underReset() throws(DebugError) -> Attachment {
    do throws(DebugError) {
      try link.driveReset(.asserted)
      link.clock.wait(for: Attach.resetSettling)
      let found = try connect("connect under reset")
      try link.driveReset(.asserted)
      try prepareConfiguration()
      var startsAnew = true
      do throws(DebugError) {
        try haltOutOfReset()
      } catch {
        guard error.isOfTheTarget, try race() else { throw error }
        startsAnew = false
      }
      return attachment(.underReset, found, unit, startsAnew: startsAnew)
    } catch {
      // The failure that led here is the one to report; a line that cannot be released is tried again when closing.
      if link.isResetAsserted { try? link.driveReset(.released) }
      throw error
    }
  }

  private func haltOutOfReset() throws(DebugError) {
    let isCaught = try attempt("halt when NRST is released") { () throws(DebugError) in
      unit.monitor = try link.read(DEMCR.self)
      hasTouched = true
      try link.write(DHCSR.request(halt: true))
      try core.catchingReset { () throws(DebugError) in try releaseReset() }
    }
    if link.isResetAsserted { try link.driveReset(.released) }
    if resetLine == .notWired {
      steps.append(
        AttachStep(action: "look for the reset", outcome: "NRST does not reach the target", hasWorked: false))
    }
    if isCaught && resetLine == .wired { return }
    try step("reset by SYSRESETREQ and halt") { () throws(DebugError) in try core.resetAndHalt() }
  }

  /// Resets, connects and halts again and again as fast as the probe can: for a program that closes the debug port
  /// early, where the vector catch does not hold.
  ///
  /// - Returns: whether the core has been halted.
  private func race() throws(DebugError) -> Bool {
    for round in 1...Attach.raceRounds {
      do throws(DebugError) {
        try link.driveReset(.asserted)
        link.clock.wait(for: Attach.resetSettling)
        try link.driveReset(.released)
        try link.enter()
        try link.write(DHCSR.request(halt: true))
        guard try link.read(DHCSR.self)[.halted] else { continue }
        steps.append(
          AttachStep(
            action: "race the program: reset, connect, halt", outcome: "done, attempt \(round)", hasWorked: true))
        return true
      } catch {
        guard error.isOfTheTarget else { throw error }
      }
    }
    steps.append(
      AttachStep(
        action: "race the program: reset, connect, halt", outcome: "lost \(Attach.raceRounds) times", hasWorked: false))
    return false
  }

  /// Lets NRST go and waits for the core to halt; finds out by the way whether the core was in reset.
  private func releaseReset() throws(DebugError) -> DHCSR {
    // The first look clears what an earlier reset has left in S_RESET_ST; in reset the second one sees it again.
    _ = try link.read(DHCSR.self)
    resetLine = try link.read(DHCSR.self)[.reset] ? .wired : .notWired
    try link.driveReset(.released)
    var hasTold = false
    while true {
      var isInReset = false
      do throws(DebugError) {
        return try core.poll("the core to halt after NRST was released", within: core.limit, toleratesStatus: true) {
          isInReset = $0[.reset]
          if isInReset { resetLine = .wired }
          return $0[.halted] && !isInReset
        }
      } catch {
        // Somebody else holds NRST low: the catch is armed for when it rises.
        guard isInReset, error.isOfTheTarget, !link.clock.hasPassed(buttonDeadline) else {
          throw error
        }
        if !hasTold { onDelay("NRST is still held low: waiting until the reset button is let go") }
        hasTold = true
      }
    }
  }
}

extension Attach {
  /// Waits for the end of a flash operation that somebody else has started.
  ///
  /// It stalls whoever reads the flash, the core too, which does not halt then; a reset would tear it. A chip that is no
  /// F2 or F4 has something else where the status register is.
  private func waitForFlash() throws(DebugError) {
    do throws(DebugError) {
      let identity = try link.readWord(at: MemoryMap.presumed.identityCode)
      guard ChipCatalogue.dies.contains(where: { UInt32($0.deviceID) == identity & 0xFFF }),
        try link.read(FlashStatus.self)[.busy]
      else { return }
    } catch {
      // Who does not answer here is dealt with by what comes next.
      guard error.isOfTheTarget else { throw error }
      return
    }
    onDelay("an operation of the flash that somebody else has started is under way: waiting for its end")
    try step("wait for the flash operation under way") { () throws(DebugError) in
      let deadline = link.clock.deadline(after: Attach.flashPatience)
      while true {
        let isLate = link.clock.hasPassed(deadline)
        let status = try link.read(FlashStatus.self)
        guard status[.busy] else { return }
        guard !isLate else {
          throw .targetTimeout(
            waitingFor: "the flash operation under way to end", limit: Attach.flashPatience, lastValue: status.rawValue)
        }
        link.clock.wait(for: Attach.flashPause)
      }
    }
  }

  /// Prepares DBGMCU; a chip that has none there is no F2 or F4, which its identification says better.
  ///
  /// - Returns: whether it worked.
  @discardableResult
  private func prepareConfiguration() throws(DebugError) -> Bool {
    try attempt("keep the debug clocks on and freeze the watchdogs") { () throws(DebugError) in
      hasTouched = true
      let found = try DebugConfiguration.find(link, after: unit.configuration, controlBefore: controlBefore)
      unit.configuration = found
      try found.prepare(link)
    }
  }

  /// Does one thing and notes how it went.
  @discardableResult
  func step<Value>(
    _ action: String, _ body: () throws(DebugError) -> Value
  ) throws(DebugError) -> Value {
    do throws(DebugError) {
      let value = try body()
      steps.append(AttachStep(action: action, outcome: "done", hasWorked: true))
      return value
    } catch {
      steps.append(AttachStep(action: action, outcome: error.report.summary, hasWorked: false))
      throw error
    }
  }

  /// Does one thing that may fail for the target's reasons, and notes how it went.
  ///
  /// - Returns: whether it worked.
  @discardableResult
  func attempt(_ action: String, _ body: () throws(DebugError) -> Void) throws(DebugError) -> Bool {
    do throws(DebugError) {
      try step(action, body)
      return true
    } catch {
      guard error.isOfTheTarget else { throw error }
      return false
    }
  }

  private func attachment(
    _ mode: AttachMode, _ found: Found, _ unit: DebugUnit?, startsAnew: Bool = false
  ) -> Attachment {
    link.recoversFromWireErrors = true
    let report = AttachReport(
      requestedMode: self.mode, mode: mode, steps: steps, dpidr: found.dpidr, cpuid: found.cpuid, resetLine: resetLine)
    return Attachment(
      link: link, core: core, report: report, unit: unit, startsAnew: startsAnew,
      controlBefore: controlBefore)
  }
}
