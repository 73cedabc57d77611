import ProbeInterface

/// Rewrites the option bytes through FLASH_OPTCR (RM0090, 3.7.2).
///
/// The whole option sector is erased and programmed anew from the registers; a power cut in the middle may leave read
/// protection on. The core must be halted.
struct OptionProgrammer {
  /// FLASH_OPTKEYR takes these two, in this order; anything else blocks OPTCR until the next reset.
  private static let keyRegister: UInt32 = 0x4002_3C08
  private static let keys: [UInt32] = [0x0819_2A3B, 0x4C5D_6E7F]
  /// How long is waited between two looks at BSY.
  private static let pollInterval: Duration = .milliseconds(5)

  let access: any DebugAccess

  /// Programs new values and locks OPTCR again on every way out.
  ///
  /// - Parameters:
  ///   - control: OPTCR; its lock and start bits are set here.
  ///   - control1: OPTCR1 on dies that have it.
  ///   - limit: the longest that it may take: an erase of everything where read protection is lifted.
  func program(
    _ control: FlashOptionControl, _ control1: FlashOptionControl1?, within limit: Duration
  ) throws(FlashError) {
    let action = "programming the option bytes"
    do throws(FlashError) {
      try FlashError.wrapping(action) { () throws(DebugError) in
        try access.write(FlashStatus.clearAll)
        for key in OptionProgrammer.keys { try access.writeWord(key, at: OptionProgrammer.keyRegister) }
        if let control1 { try access.write(control1) }
        try access.write(control.idle)
        try access.write(control.started)
      }
      try finish(action, limit)
    } catch {
      var error = error
      do throws(DebugError) {
        try lock()
      } catch let second {
        error.cleanupFailures.append("the option bytes could not be locked again: \(second.report.summary)")
      }
      throw error
    }
    try FlashError.wrapping("locking the option bytes") { () throws(DebugError) in try lock() }
  }

  private func finish(_ action: String, _ limit: Duration) throws(FlashError) {
    let deadline = access.clock.deadline(after: FlashTiming.patience(limit))
    while true {
      let isLate = access.clock.hasPassed(deadline)
      let status = try FlashError.wrapping(action) { () throws(DebugError) in try access.read(FlashStatus.self) }
      guard status[.busy] else {
        var evidence = FlashError.Evidence()
        evidence.status = status
        if status.hasError { throw FlashError(.errorBits(status, during: action), evidence: evidence) }
        return
      }
      guard !isLate else { throw FlashError(.timeout(during: action, limit: limit)) }
      access.clock.wait(for: OptionProgrammer.pollInterval)
    }
  }

  private func lock() throws(DebugError) {
    var control = try access.read(FlashOptionControl.self)
    control[.optionStart] = false
    control[.optionLock] = true
    try access.write(control)
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

extension Field where Register == FlashOptionControl, Value == Bool {
  /// OPTLOCK: the register takes no writes.
  static var optionLock: Self { Self("OPTLOCK", 0) }
  /// OPTSTRT: programs the option bytes.
  static var optionStart: Self { Self("OPTSTRT", 1) }
}
