/// Sees to it that what the flash answers can be believed, whatever clock the program in the chip has set up.
///
/// A core that is held reads with as many wait states as any clock needs, and the caches off; the program finds FLASH_ACR as
/// it was. Where that is not enough, and where an answer is one that cannot be, the chip is reset, which brings the clock
/// back to 16 MHz. Where it may not be, a doubt is left, which whoever reads has to respect.
final class FlashReads {
  /// How long a new number of wait states may take to read back (RM0090, 3.5.1).
  private static let settlingReads = 3

  private let access: any DebugAccess
  private let millivolts: Int?
  private let warn: (String) -> Void
  /// Resets the chip, holds its core, and says whether that has worked; nil where the chip may not be reset.
  private let reset: (() throws(DebugError) -> Bool)?
  /// Whether the core stands still, so that FLASH_ACR may be changed.
  private var isHeld: Bool
  /// Whether the clock is that of a reset.
  private var isAtReset: Bool
  private var die: Die?
  /// FLASH_ACR of the program; nil where it has not been changed.
  private var before: FlashAccessControl?
  /// Whether an answer was one that cannot be.
  private var hasAnsweredNonsense = false

  /// Clock and wait states of the program, as they were found; nil where it has not set any up, or they cannot be read.
  private var timing: FlashReadTiming?
  /// The same where it has turned out that they do not go together; nil elsewhere.
  private(set) var culprit: FlashReadTiming?
  /// Why the answers of the flash cannot be believed; nil where they can.
  private(set) var doubt: FlashReadTiming?

  /// Makes a keeper of reads.
  ///
  /// - Parameters:
  ///   - isAtReset: whether the core stands where a reset has brought it.
  ///   - isHeld: whether the core stands still and is ours.
  ///   - reset: resets the chip and holds its core; nil where it may not be reset.
  init(
    _ access: any DebugAccess, millivolts: Int?, isAtReset: Bool, isHeld: Bool,
    reset: (() throws(DebugError) -> Bool)?, warn: @escaping (String) -> Void
  ) {
    self.access = access
    self.millivolts = millivolts
    self.isAtReset = isAtReset
    self.isHeld = isHeld
    self.reset = reset
    self.warn = warn
  }

  /// Sees to what can be told by registers, before anything of the flash is read.
  func prepare(for die: Die) throws(DebugError) {
    self.die = die
    guard !isAtReset, before == nil, let timing = try judge() else { return }
    self.timing = timing
    if timing.verdict == .insufficient { culprit = timing }
    switch timing.verdict {
    case .sufficient: return
    case .uncertain where !isHeld: return
    case .uncertain, .insufficient: break
    }
    if isHeld, !timing.isBeyondHelp {
      try raise(timing)
      doubt = hasAnsweredNonsense ? timing : nil
    } else if try !resets(because: timing) {
      leaveDoubt(timing)
    }
  }

  /// The core, which ran, stands still from now on.
  func holdStill() throws(DebugError) {
    guard !isHeld, let die else { return }
    isHeld = true
    try prepare(for: die)
  }

  /// Asks the flash for something, and once more where the answer is one that cannot be and a reset may be what it takes.
  func ask<Answer>(
    _ question: () throws(DebugError) -> Answer, isPossible: (Answer) -> Bool
  ) throws(DebugError) -> Answer {
    let answer = try question()
    guard !isPossible(answer), let timing, !timing.isBeyondDoubt, !isAtReset else { return answer }
    guard try resets(because: timing) else {
      hasAnsweredNonsense = true
      leaveDoubt(timing)
      return answer
    }
    let second = try question()
    if isPossible(second) { culprit = timing }
    return second
  }

  /// Looks anew at a program that runs on, which may have changed its clock meanwhile.
  ///
  /// - Parameter sizeRegister: what the size register has said; where it says something else now, the reads are wrong.
  func lookAnew(sizeRegister: UInt16?) throws(DebugError) -> FlashReadTiming? {
    guard !isHeld, !isAtReset else { return doubt }
    guard let timing = try judge() else { return nil }
    if hasAnsweredNonsense || timing.verdict == .insufficient { return timing }
    guard !timing.isBeyondDoubt, let sizeRegister else { return nil }
    return try access.readWord(at: MemoryMap.presumed.flashSizeWord) >> 16 == sizeRegister ? nil : timing
  }

  /// A reset has brought clock and wait states back, and the core stands at its beginning.
  func forget() {
    (isAtReset, isHeld, before) = (true, true, nil)
    if !hasAnsweredNonsense { doubt = nil }
  }

  /// Gives the program its FLASH_ACR back; the core must still stand.
  func restore() throws(DebugError) {
    guard let control = before else { return }
    before = nil
    try access.write(control)
  }

  // MARK: - Parts

  /// Clock and wait states now; nil where the chip refuses that they are read.
  private func judge() throws(DebugError) -> FlashReadTiming? {
    guard let die else { return nil }
    do throws(DebugError) {
      return try FlashReadTiming.read(access, die, millivolts: millivolts)
    } catch {
      guard error.isOfTheTarget else { throw error }
      return nil
    }
  }

  private func leaveDoubt(_ timing: FlashReadTiming) {
    if doubt == nil { warn("what the flash answers cannot be believed: \(timing.sentence)") }
    (doubt, culprit) = (timing, timing)
  }

  private func resets(because timing: FlashReadTiming) throws(DebugError) -> Bool {
    guard let reset, try reset() else { return false }
    forget()
    warn("the chip has been reset so that its flash could be read: \(timing.sentence)")
    return true
  }

  /// Sets as many wait states as any clock needs, with the caches and the prefetch off: what they hold may have been read
  /// too early.
  private func raise(_ timing: FlashReadTiming) throws(DebugError) {
    let found = try access.read(FlashAccessControl.self)
    before = found.withoutCacheResets
    var off = found.with(caches: false, reset: false)
    off[.prefetch] = false
    off[.latency] = UInt32(timing.waitStates.most)
    for value in [off, off.with(caches: false, reset: true), off] { try access.write(value) }
    for _ in 0..<FlashReads.settlingReads {
      if try access.read(FlashAccessControl.self)[.latency] == off[.latency] { break }
    }
    if timing.verdict == .insufficient {
      warn(
        "the program reads its flash too early: \(timing.sentence); it is read with \(timing.waitStates.most) wait states "
          + "here")
    }
  }
}
