import Basics
import Failures
import LinkInterface

/// The flash interface of a chip, driven through its debug port.
///
/// Every operation clears the error bits first, looks at all of them afterwards and has a deadline on the probe's
/// clock. The core should be halted: a running one that reads the flash stalls, and may reset the chip by its watchdog.
/// A request to stop comes from the debug port, as an access that throws `interrupted` once.
struct FlashController {
  /// How long is waited between two looks at BSY while a sector erases.
  private static let erasePollInterval = Duration.milliseconds(5)
  /// How long an operation that somebody else has started may take: an erase of everything at x8.
  private static let foreignOperationLimit = Duration.seconds(32)

  let access: any DebugAccess
  let map: SectorMap

  // MARK: - Registers

  /// SR and CR, read together: CR tells whether the chip was reset since the last look.
  func readState(
    _ action: String = "reading the flash status"
  ) throws(FlashError) -> (status: FlashStatus, control: FlashControl) {
    let bytes = try FlashError.wrapping(action) { () throws(DebugError) in
      try access.readMemory(at: FlashStatus.address, byteCount: 8, width: .word)
    }
    return (
      FlashStatus(rawValue: bytes.littleEndianWord(at: 0)),
      FlashControl(rawValue: bytes.littleEndianWord(at: 4))
    )
  }

  private func clearErrors(_ action: String) throws(FlashError) {
    try write(FlashStatus.clearAll, action)
  }

  private func write<Register: Register32>(_ value: Register, _ action: String) throws(FlashError) {
    try FlashError.wrapping(action) { () throws(DebugError) in
      try access.write(value)
    }
  }

  // MARK: - The lock

  /// Runs `body` with CR unlocked and locks it again on every way out, with all of its other bits cleared.
  ///
  /// A lock that fails after `body` has failed is reported beside the first error, not instead of it.
  func withUnlocked<Result>(_ body: () throws(FlashError) -> Result) throws(FlashError) -> Result {
    let result: Result
    do throws(FlashError) {
      try unlock()
      result = try body()
    } catch {
      throw relocked(after: error)
    }
    do throws(FlashError) {
      try relock()
    } catch {
      var error = error
      // A lock that is refused says so itself; a target that was lost is left unlocked.
      if case .access = error.cause { error.lockFailure = error.report.summary }
      throw error
    }
    return result
  }

  /// Writes the keys if CR is locked; writing them to an unlocked controller is not defined.
  private func unlock() throws(FlashError) {
    try waitForForeignOperation()
    try clearErrors("unlocking the flash controller")
    guard try readState().control[.lock] else { return }
    try FlashError.wrapping("unlocking the flash controller") { () throws(DebugError) in
      var stopped: DebugError?
      for key in FlashKey.sequence {
        do throws(DebugError) {
          try access.writeWord(key, at: FlashKey.address)
        } catch {
          // Half a sequence would block the controller until the next reset, and with it whatever is to be put back.
          guard error == .interrupted else { throw error }
          stopped = error
          try access.writeWord(key, at: FlashKey.address)
        }
      }
      if let stopped { throw stopped }
    }
    let state = try readState()
    guard !state.control[.lock] else {
      throw FlashError(.keysRefused, evidence: evidence(state))
    }
  }

  /// Clears and locks CR, in a second attempt where the first one fails at the target.
  ///
  /// Somebody may ask to stop just then: the debug port reports that once and goes on, and so do we.
  private func relock() throws(FlashError) {
    do throws(FlashError) {
      try lock()
    } catch {
      switch error.cause {
      case .interrupted:
        try lock()
        throw error
      case .access(.fault, _): try lock()
      default: throw error
      }
    }
  }

  /// Clears and locks CR in one write, once BSY has fallen: a write to CR while busy stalls the bus.
  private func lock() throws(FlashError) {
    try waitForForeignOperation()
    try write(FlashControl.idleLocked, "locking the flash controller")
    let state = try readState()
    guard state.control == .idleLocked else {
      throw FlashError(.lockRefused, evidence: evidence(state))
    }
  }

  /// The same error with what was seen and what became of the lock.
  private func relocked(after error: FlashError) -> FlashError {
    var error = completed(error)
    do throws(FlashError) {
      try relock()
    } catch let second {
      error.lockFailure = second.report.summary
    }
    return error
  }

  /// Locks CR where a first attempt has failed because the target could not be reached.
  func lockLate() throws(FlashError) {
    guard try !readState().control[.lock] else { return }
    try lock()
  }

  private func waitForForeignOperation() throws(FlashError) {
    let limit = FlashController.foreignOperationLimit
    let deadline = access.clock.deadline(after: FlashTiming.patience(limit))
    while true {
      let state = try readState()
      guard state.status[.busy] else { return }
      guard !access.clock.hasPassed(deadline) else {
        throw FlashError(.timeout(during: "the operation under way", limit: limit), evidence: evidence(state))
      }
      access.clock.wait(for: FlashController.erasePollInterval)
    }
  }

  // MARK: - Operations

  /// Does one erase operation; CR must be unlocked.
  func erase(_ step: EraseStep, _ parallelism: Parallelism) throws(FlashError) {
    do throws(FlashError) {
      try run(step.control(parallelism), step.action(on: map), step.time(on: map, parallelism).maximum)
    } catch {
      var error = error
      if case .sector(let sector) = step { error.evidence.sector = sector }
      throw error
    }
  }

  private func run(_ operation: FlashControl, _ action: String, _ limit: Duration) throws(FlashError) {
    try clearErrors(action)
    try write(operation, action)
    try write(operation.started, action)
    try finish(action, limit: limit, pollInterval: FlashController.erasePollInterval)
  }

  /// Sets the controller up for programming; data may follow.
  func beginProgramming(_ parallelism: Parallelism) throws(FlashError) {
    let action = "setting up the flash for programming"
    try clearErrors(action)
    try write(FlashControl.programming(parallelism), action)
  }

  /// Waits until the last of `count` programming accesses has ended and looks at what came of them.
  func finishProgramming(accesses count: Int) throws(FlashError) {
    let limit = map.family.timing.accessMaximum * count
    try finish("programming", limit: limit, pollInterval: .zero)
  }

  /// Selects nothing: what is read next is read from a controller that neither programs nor erases.
  func endOperations() throws(FlashError) {
    try write(FlashControl.idle, "ending the work of the flash controller")
  }

  /// Waits for BSY to fall, then turns SR and CR into success or an error.
  private func finish(_ action: String, limit: Duration, pollInterval: Duration) throws(FlashError) {
    let deadline = access.clock.deadline(after: FlashTiming.patience(limit))
    while true {
      // Looked at before the status, so that one more look follows after the last moment.
      let isLate = access.clock.hasPassed(deadline)
      let state = try readState(action)
      if !state.status[.busy] {
        try check(state, action)
        return
      }
      guard !isLate else { throw FlashError(.timeout(during: action, limit: limit), evidence: evidence(state)) }
      access.clock.wait(for: pollInterval)
    }
  }

  /// The one place where the controller's status becomes an error.
  private func check(_ state: (status: FlashStatus, control: FlashControl), _ action: String) throws(FlashError) {
    if state.status.hasError { throw FlashError(.errorBits(state.status, during: action), evidence: evidence(state)) }
    if state.control[.lock] { throw FlashError(.chipReset(during: action), evidence: evidence(state)) }
  }

  // MARK: - Evidence

  private func evidence(_ state: (status: FlashStatus, control: FlashControl)) -> FlashError.Evidence {
    var evidence = FlashError.Evidence()
    evidence.status = state.status
    evidence.control = state.control
    return evidence
  }

  /// The same error with what can still be read of the registers and the voltage.
  ///
  /// A target that was lost can no longer be asked, but its voltage can still be measured.
  private func completed(_ error: FlashError) -> FlashError {
    var error = error
    let readsRegisters: Bool
    switch error.cause {
    case .errorBits, .timeout, .keysRefused, .lockRefused, .optionsRefused, .otherOptions, .chipReset, .mismatch,
      .checksum,
      .loaderStopped:
      readsRegisters = true
    case .access(.fault, _): readsRegisters = false
    case .access, .programmingVoltageNeeded, .widthTooWide, .interrupted: return error
    }
    do throws(DebugError) {
      error.evidence.millivolts = try access.targetMillivolts()
      if readsRegisters { error.evidence.optionControl = try access.read(FlashOptionControl.self) }
    } catch let second {
      error.cleanupFailures.append("OPTCR and the voltage could not be read: \(second.report.summary)")
    }
    return error
  }
}
