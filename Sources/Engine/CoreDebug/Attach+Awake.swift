import Basics
import LinkInterface

/// Targets that sleep most of the time, as under every operating system: while the core sleeps without DBG_SLEEP, its clock is
/// off and accesses wait in vain; an access goes through that meets it awake.
extension Attach {
  /// For how long the clocks are asked for; a tick takes 20 ms at the most.
  private static let wakingPatience: Duration = .seconds(1)
  /// The pauses between two requests are multiples of this below the limit: both are primes, so that the requests fall on
  /// every phase of a tick of whole or half milliseconds.
  private static let wakingStep = 331
  private static let wakingLimit = 997
  /// How often a target is looked at before it is believed to stay awake: one that is awake half of the time is met
  /// asleep in one of them but for 1 in 300 times.
  private static let awakeLooks = 8

  /// Does a reading access; where the target lets it wait, the target's clocks are kept on first.
  func readingAwake<Value>(_ body: () throws(DebugError) -> Value) throws(DebugError) -> Value {
    do throws(DebugError) {
      return try once(body)
    } catch {
      guard error.isWait, try keepAwake() else { throw error }
    }
    return try body()
  }

  /// Looks at a target a few times that nobody will halt; one that is met asleep has its clocks kept on.
  func seeWhetherItStaysAwake() throws(DebugError) {
    for look in 0..<Attach.awakeLooks where !keepsClocksOn {
      link.clock.wait(for: Attach.wakingPause(look))
      _ = try readingAwake { () throws(DebugError) in try link.read(CPUID.self) }
    }
  }

  /// Asks densely for the debug clocks in low-power modes until a request meets the core awake.
  ///
  /// The register cannot be read before, so what it held is taken as nothing: with DBG_SLEEP the target would answer.
  ///
  /// - Returns: whether the target answers now.
  func keepAwake() throws(DebugError) -> Bool {
    let none = DBGMCUControl(rawValue: 0)
    let freeze = DBGMCUAPB1Freeze(rawValue: 0)
    let request = DebugConfiguration(control: none, freeze: freeze).prepared.control
    let deadline = link.clock.deadline(after: Attach.wakingPatience)
    var count = 0
    repeat {
      link.clock.wait(for: Attach.wakingPause(count))
      count += 1
      do throws(DebugError) {
        try once { () throws(DebugError) in try link.write(request) }
        guard try once({ () throws(DebugError) in try link.read(DBGMCUControl.self) }) == request else { continue }
        // Whatever becomes of the rest, this much has to be taken back.
        if !keepsClocksOn {
          unit.configuration = DebugConfiguration(control: none, freeze: try link.read(DBGMCUAPB1Freeze.self))
        }
        keepsClocksOn = true
        note("done, request \(count)", hasWorked: true)
        return true
      } catch {
        guard error.isOfTheTarget else { throw error }
      }
    } while !link.clock.hasPassed(deadline)
    note("not met awake in \(count) requests", hasWorked: false)
    return false
  }

  private func note(_ outcome: String, hasWorked: Bool) {
    steps.append(
      AttachStep(action: "keep the clocks of the sleeping core on", outcome: outcome, hasWorked: hasWorked))
  }

  private static func wakingPause(_ count: Int) -> Duration {
    .microseconds(count * wakingStep % wakingLimit)
  }

  /// Does an access without trying again where the target lets it wait.
  private func once<Value>(_ body: () throws(DebugError) -> Value) throws(DebugError) -> Value {
    let schedule = link.channel.waitSchedule
    link.channel.waitSchedule = .once
    defer { link.channel.waitSchedule = schedule }
    return try body()
  }
}

extension DebugError {
  /// Whether the target did not get round to an access.
  var isWait: Bool {
    if case .status(let status, _, _) = self { status.isWait } else { false }
  }
}
