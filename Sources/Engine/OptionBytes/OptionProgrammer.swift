import Failures
import LinkInterface

/// Rewrites the option bytes through FLASH_OPTCR (RM0090, 3.7.2).
///
/// The whole option sector is erased and programmed anew from the registers; where the chip loses its power in the middle it
/// stays erased, which is read protection level 1 and, on dies that have it, PCROP on every sector. The core must be halted.
///
/// From the first key on a request to stop waits: half of a key sequence would block OPTCR until the next reset, and nothing
/// stops the controller once it has begun.
final class OptionProgrammer {
  /// How long is waited between two looks at BSY.
  private static let pollInterval: Duration = .milliseconds(5)
  /// How long an operation that somebody else has started may take: an erase of everything at x8.
  private static let foreignOperationLimit = Duration.seconds(32)
  private static let action = "programming the option bytes"

  private let access: any DebugAccess
  /// Whether a request to stop waits, and whether there has been one.
  private var isShielded = false
  private var isStopped = false
  /// Whether the controller has been told to begin: what it holds then is not what it held before.
  private(set) var hasBegun = false

  init(access: any DebugAccess) {
    self.access = access
  }

  /// Programs new values and locks OPTCR again on every way out.
  ///
  /// - Parameter limit: the longest that it may take: an erase of everything where read protection is lifted.
  func program(_ options: OptionBytes, within limit: Duration) throws(FlashError) {
    let (control, control1) = (options.optionControl, options.optionControl1)
    _ = try waitForEnd("the operation under way", OptionProgrammer.foreignOperationLimit)
    let found = try perform { (access) throws(DebugError) in try access.read(FlashOptionControl.self) }
    let found1 =
      control1 == nil ? nil : try perform { (access) throws(DebugError) in try access.read(FlashOptionControl1.self) }
    isShielded = true
    defer { isShielded = false }
    do throws(FlashError) {
      try unlock(found)
      try start(control, control1, instead: found, found1)
      let status = try waitForEnd(OptionProgrammer.action, limit)
      if status.hasError { throw failure(status) }
    } catch {
      var error = error
      do throws(FlashError) {
        try lock()
      } catch let second {
        error.cleanupFailures.append("the option bytes could not be locked again: \(second.report.summary)")
      }
      throw error
    }
    try lock()
    if isStopped { throw FlashError(.interrupted(during: OptionProgrammer.action)) }
  }

  /// Writes the keys if OPTCR is locked; writing them to an unlocked one is not defined.
  private func unlock(_ found: FlashOptionControl) throws(FlashError) {
    try perform { (access) throws(DebugError) in try access.write(FlashStatus.clearAll) }
    guard found[.optionLock] else { return }
    for key in OptionKey.sequence {
      try perform { (access) throws(DebugError) in try access.writeWord(key, at: OptionKey.address) }
    }
    let control = try perform { (access) throws(DebugError) in try access.read(FlashOptionControl.self) }
    guard !control[.optionLock] else {
      var evidence = FlashError.Evidence()
      evidence.optionControl = control
      throw FlashError(.keysRefused, evidence: evidence)
    }
  }

  /// Writes the registers and starts the controller; who asks to stop before that finds the registers as they were.
  private func start(
    _ control: FlashOptionControl, _ control1: FlashOptionControl1?, instead found: FlashOptionControl,
    _ found1: FlashOptionControl1?
  ) throws(FlashError) {
    if let control1 { try perform { (access) throws(DebugError) in try access.write(control1) } }
    try perform { (access) throws(DebugError) in try access.write(control.idle) }
    if isStopped {
      if let found1 { try perform { (access) throws(DebugError) in try access.write(found1) } }
      try perform { (access) throws(DebugError) in try access.write(found.idle) }
      throw FlashError(.interrupted(during: OptionProgrammer.action))
    }
    // Whether a write has arrived that fails is not known.
    hasBegun = true
    try perform { (access) throws(DebugError) in try access.write(control.started) }
  }

  /// Waits for BSY to fall: a write to OPTCR while busy stalls the bus.
  private func waitForEnd(_ action: String, _ limit: Duration) throws(FlashError) -> FlashStatus {
    let deadline = access.clock.deadline(after: FlashTiming.patience(limit))
    while true {
      let isLate = access.clock.hasPassed(deadline)
      let status = try perform { (access) throws(DebugError) in try access.read(FlashStatus.self) }
      guard status[.busy] else { return status }
      guard !isLate else { throw FlashError(.timeout(during: action, limit: limit)) }
      access.clock.wait(for: OptionProgrammer.pollInterval)
    }
  }

  private func failure(_ status: FlashStatus) -> FlashError {
    var evidence = FlashError.Evidence()
    evidence.status = status
    return FlashError(.errorBits(status, during: OptionProgrammer.action), evidence: evidence)
  }

  private func lock() throws(FlashError) {
    var control = try perform { (access) throws(DebugError) in try access.read(FlashOptionControl.self) }
    control[.optionStart] = false
    control[.optionLock] = true
    try perform { [control] (access) throws(DebugError) in try access.write(control) }
  }

  /// Does one access; while shielded a request to stop, which the debug port reports once, is kept for later.
  private func perform<Value>(
    _ body: (any DebugAccess) throws(DebugError) -> Value
  ) throws(FlashError) -> Value {
    try FlashError.wrapping(OptionProgrammer.action) { () throws(DebugError) in
      do throws(DebugError) {
        return try body(access)
      } catch {
        guard isShielded, error == .interrupted else { throw error }
        isStopped = true
        return try body(access)
      }
    }
  }
}

extension FlashOptionControl {
  /// The same without lock and start.
  fileprivate var idle: FlashOptionControl {
    var control = self
    control[.optionLock] = false
    control[.optionStart] = false
    return control
  }

  /// The same with the bit that starts programming.
  fileprivate var started: FlashOptionControl {
    var control = idle
    control[.optionStart] = true
    return control
  }
}
