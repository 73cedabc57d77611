/// IWDG: counts LSI cycles and cannot be stopped once started; it starts LSI for itself (RM0090, 21).
final class IndependentWatchdog: Peripheral {
  let name = "IWDG"
  let registers = RegisterFile([
    RegisterDescription("KR", at: 0x00, [RegisterField("KEY", 0...15, .writeOnly)]),
    RegisterDescription("PR", at: 0x04, [RegisterField("PR", 0...2, .readWrite)]),
    RegisterDescription("RLR", at: 0x08, reset: 0xFFF, [RegisterField("RL", 0...11, .readWrite)]),
    RegisterDescription(
      "SR", at: 0x0C, [RegisterField("PVU", 0, .readOnly), RegisterField("RVU", 1, .readOnly)]),
  ])

  /// The watchdog resets the chip.
  let ranOut = Signal<Void>()

  private(set) var isRunning = false
  private var isUnlocked = false
  private var elapsed: UInt64 = 0
  private var countedTo: UInt64 = 0
  private var isFrozen = false

  /// 4 × 2^PR × (RLR + 1) / LSI; PR 7 counts like 6.
  private var timeout: UInt64 {
    let prescaler = UInt64(4) << UInt64(min(registers[0x04], 6))
    return prescaler * UInt64(registers[0x08] + 1) * 1_000_000_000 / Oscillator.lowSpeedInternalHertz
  }

  var nextEvent: UInt64? {
    isRunning && !isFrozen ? countedTo + timeout - min(timeout, elapsed) : nil
  }

  /// Starts counting, as the option byte WDG_SW = 0 does after every reset.
  func start(now: UInt64) {
    guard !isRunning else { return }
    isRunning = true
    reload(now: now)
  }

  func advance(to now: UInt64) {
    guard isRunning, now > countedTo else { return }
    if !isFrozen { elapsed += now - countedTo }
    countedTo = now
    if elapsed >= timeout { ranOut.send() }
  }

  func freeze(_ isFrozen: Bool, now: UInt64) {
    advance(to: now)
    self.isFrozen = isFrozen
  }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    switch (offset, written & 0xFFFF) {
    case (0x00, 0xAAAA):
      isUnlocked = false
      if isRunning { reload(now: now) }
    case (0x00, 0x5555): isUnlocked = true
    case (0x00, 0xCCCC):
      isUnlocked = false
      start(now: now)
    case (0x00, _): isUnlocked = false
    case (0x04, _), (0x08, _):
      if !isUnlocked { registers[offset] = old }
    default: break
    }
  }

  /// A refresh while it does not run: every loop that may meet a running one makes it, flash loaders first.
  func absorbs(_ value: UInt32, at offset: UInt32) -> Bool {
    offset == 0x00 && value & 0xFFFF == 0xAAAA && !isRunning && !isUnlocked
  }

  func reset(now: UInt64) {
    registers.reset()
    (isRunning, isUnlocked, elapsed, countedTo) = (false, false, 0, now)
  }

  private func reload(now: UInt64) {
    (elapsed, countedTo) = (0, now)
  }
}
