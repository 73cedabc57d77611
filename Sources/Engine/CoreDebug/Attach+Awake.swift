import Basics
import LinkInterface

/// Targets that sleep most of the time, as under every operating system.
///
/// While the core sleeps without DBG_SLEEP its clock is off, and accesses wait in vain; one that meets it awake goes through.
/// Some parts answer zeros instead (Black Magic issue 249).
extension Attach {
  /// For how long an access is tried that has to meet the core awake; a tick takes 20 ms at the most.
  private static let wakingPatience: Duration = .seconds(1)
  private static let readingPatience: Duration = .milliseconds(200)
  /// The pauses between two tries are multiples of this below the limit, in microseconds: both are primes, so that the tries
  /// fall on every phase of a tick of whole or half milliseconds.
  private static let wakingStep = 331
  private static let wakingLimit = 997
  /// How often a target is looked at before it is believed to stay awake.
  ///
  /// The probe itself repeats a waiting access a few
  /// times, so that one that is awake half of the time is missed by all of these looks once in a hundred times.
  private static let awakeLooks = 8

  /// Reads CPUID; where the target lets that wait, or answers with zeros, its clocks are kept on first.
  func readIdentityAwake() throws(DebugError) -> CPUID {
    var failure: DebugError?
    do throws(DebugError) {
      let identity = try once { () throws(DebugError) in try link.read(CPUID.self) }
      if identity.rawValue != 0 { return identity }
    } catch {
      guard error.isWait else { throw error }
      failure = error
    }
    if try !keepAwake(), let failure { throw failure }
    return try link.read(CPUID.self)
  }

  /// Looks at a target a few times that nobody will halt; one that is met asleep has its clocks kept on.
  func seeWhetherItStaysAwake() throws(DebugError) {
    for look in 0..<Attach.awakeLooks where controlBefore == nil {
      link.clock.wait(for: Attach.wakingPause(look))
      _ = try readIdentityAwake()
    }
  }

  /// Asks densely for the debug clocks in low-power modes until a request meets the core awake.
  ///
  /// A read needs a longer moment awake than a write, so that what the register held can often not be read before; it is
  /// taken as nothing then. With DBG_SLEEP the target would answer, and only a program that traces has set anything else.
  ///
  /// - Returns: whether the target answers now.
  func keepAwake() throws(DebugError) -> Bool {
    var tries = 0
    if controlBefore == nil {
      let found = try meetingAwake(within: Attach.readingPatience, &tries) { () throws(DebugError) in
        try link.read(DBGMCUControl.self)
      }
      // From here on something of ours may be in the chip.
      controlBefore = found ?? DBGMCUControl(rawValue: 0)
    }
    let wanted = DebugConfiguration(
      control: controlBefore ?? DBGMCUControl(rawValue: 0), freeze: DBGMCUAPB1Freeze(rawValue: 0)
    ).prepared.control
    let isAwake =
      try meetingAwake(within: Attach.wakingPatience, &tries) { () throws(DebugError) in
        try link.write(wanted)
        return try link.read(DBGMCUControl.self) == wanted ? true : nil
      } ?? false
    steps.append(
      AttachStep(
        action: "keep the clocks of the sleeping core on",
        outcome: isAwake ? "done after \(tries) tries" : "not met awake in \(tries) tries", hasWorked: isAwake))
    return isAwake
  }

  /// Tries something again and again that has to meet the core awake, until something comes of it; nil where nothing does.
  private func meetingAwake<Value>(
    within patience: Duration, _ tries: inout Int, _ body: () throws(DebugError) -> Value?
  ) throws(DebugError) -> Value? {
    let deadline = link.clock.deadline(after: patience)
    repeat {
      link.clock.wait(for: Attach.wakingPause(tries))
      tries += 1
      do throws(DebugError) {
        if let value = try once(body) { return value }
      } catch {
        guard error.isOfTheTarget else { throw error }
      }
    } while !link.clock.hasPassed(deadline)
    return nil
  }

  private static func wakingPause(_ count: Int) -> Duration {
    .microseconds(count * wakingStep % wakingLimit)
  }

  /// Does accesses without trying again where the target lets them wait.
  private func once<Value>(_ body: () throws(DebugError) -> Value) throws(DebugError) -> Value {
    let schedule = link.channel.waitSchedule
    link.channel.waitSchedule = .once
    defer { link.channel.waitSchedule = schedule }
    return try body()
  }
}
