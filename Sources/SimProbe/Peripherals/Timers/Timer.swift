/// A timer TIMx: prescaler, counter, compare channels, repetition and one-pulse mode (RM0090, 17 to 20).
///
/// It counts its clock lazily: the counter is brought up to date when somebody looks, and only what an interrupt or the
/// end of a pulse makes visible is an event. Slave modes, input capture and the output pins are not modelled.
final class Timer: Peripheral {
  /// The interrupt lines of a timer: update, and everything else; one and the same but for TIM1 and TIM8.
  struct Interrupts {
    let update = Line()
    let compare = Line()
  }

  let name: String
  let registers: RegisterFile
  /// The interrupt lines.
  let interrupts = Interrupts()

  private static let cr1: UInt32 = 0x00
  private static let dier: UInt32 = 0x0C
  private static let sr: UInt32 = 0x10
  private static let egr: UInt32 = 0x14
  private static let cnt: UInt32 = 0x24
  private static let psc: UInt32 = 0x28
  private static let arr: UInt32 = 0x2C
  private static let rcr: UInt32 = 0x30
  private static let ccr1: UInt32 = 0x34

  private var clock = PeriodCounter(hertz: ClockTree.reset.apb1Timers)
  private var isFrozen = false
  /// Periods of the clock that the prescaler has counted.
  private var prescaled: UInt64 = 0
  /// The prescaler and the reload value in use; PSC, and ARR with ARPE, are taken over at an update.
  private var prescaler: UInt64 = 0
  private var reload: UInt64
  private var repetition: UInt32 = 0
  private let channelCount: Int

  init(_ name: String, _ table: RegisterTable) {
    self.name = name
    let file = RegisterFile(table.registers)
    registers = file
    reload = UInt64(file[Self.arr])
    channelCount = (0..<4).filter { file.contains(Self.ccr1 + UInt32($0) * 4) }.count
  }

  private var isCounting: Bool { registers[Self.cr1] & 1 != 0 && !isFrozen && reload > 0 }
  private var countsDown: Bool { registers[Self.cr1] & 1 << 4 != 0 }
  private var counter: UInt64 {
    get { UInt64(registers[Self.cnt]) }
    set { registers[Self.cnt] = UInt32(truncatingIfNeeded: newValue) }
  }

  // MARK: Time

  var nextEvent: UInt64? {
    guard isCounting else { return nil }
    let enabled = registers[Self.dier] & ~registers[Self.sr]
    var ticks: UInt64?
    if enabled & 1 != 0 || registers[Self.cr1] & 1 << 3 != 0 { ticks = ticksToUpdate }
    for channel in 0..<channelCount where enabled & 2 << UInt32(channel) != 0 {
      guard let match = ticksToMatch(channel) else { continue }
      ticks = min(ticks ?? .max, match)
    }
    return ticks.flatMap { clock.time(after: $0 * (prescaler + 1) - prescaled) }
  }

  func advance(to now: UInt64) {
    let periods = clock.take(until: now)
    guard isCounting else { return }
    prescaled += periods
    var ticks = prescaled / (prescaler + 1)
    prescaled %= prescaler + 1
    while ticks > 0, isCounting {
      let toUpdate = ticksToUpdate
      noteMatches(within: min(ticks, toUpdate))
      guard ticks >= toUpdate else {
        counter = countsDown ? counter - ticks : counter + ticks
        break
      }
      ticks -= toUpdate
      counter = countsDown ? reload : 0
      overflow()
      // Whole rounds without anybody looking at each of them.
      let round = reload + 1
      if ticks >= round, isCounting, prescaler == UInt64(registers[Self.psc]), repetition == 0 {
        noteMatches(within: round)
        ticks %= round
      }
    }
    updateLines()
  }

  func clockChanged(to hertz: UInt64, now: UInt64) { clock.change(to: hertz) }

  func postpone(by nanoseconds: UInt64) { clock.postpone(by: nanoseconds) }

  func freeze(_ isFrozen: Bool, now: UInt64) {
    advance(to: now)
    self.isFrozen = isFrozen
  }

  /// Ticks until the counter wraps.
  private var ticksToUpdate: UInt64 {
    if countsDown { return counter + 1 }
    // A counter beyond the reload value runs on to its own end.
    let end = counter > reload ? UInt64(registers.writableMask(Self.cnt)) : reload
    return end - counter + 1
  }

  /// Ticks until the counter equals a compare register; nil where it never does.
  private func ticksToMatch(_ channel: Int) -> UInt64? {
    let value = UInt64(registers[Self.ccr1 + UInt32(channel) * 4])
    guard value <= reload else { return nil }
    let distance = countsDown ? counter &- value : value &- counter
    return distance != 0 && distance <= reload ? distance : distance &+ reload &+ 1
  }

  private func noteMatches(within ticks: UInt64) {
    for channel in 0..<channelCount {
      if let match = ticksToMatch(channel), match <= ticks { registers[Self.sr] |= 2 << UInt32(channel) }
    }
  }

  /// The counter has wrapped; with a repetition counter only every so many times is an update.
  private func overflow() {
    guard repetition == 0 else {
      repetition -= 1
      return
    }
    update(raisesFlag: true)
    if registers[Self.cr1] & 1 << 3 != 0 { registers[Self.cr1] &= ~1 }
  }

  /// An update event: the preloaded registers take effect, unless UDIS forbids it.
  private func update(raisesFlag: Bool) {
    guard registers[Self.cr1] & 1 << 1 == 0 else { return }
    prescaler = UInt64(registers[Self.psc])
    reload = UInt64(registers[Self.arr])
    repetition = registers[Self.rcr] & 0xFF
    if raisesFlag { registers[Self.sr] |= 1 }
  }

  // MARK: Registers

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    switch offset {
    case Self.cr1:
      // What passed while the timer stood still does not count.
      if old & 1 == 0 { clock.restart(at: now) }
    case Self.egr:
      if written & 1 != 0 {
        counter = countsDown ? UInt64(registers[Self.arr]) : 0
        prescaled = 0
        update(raisesFlag: registers[Self.cr1] & 1 << 2 == 0)
      }
      registers[Self.sr] |= written & 0x5E
    case Self.arr: if registers[Self.cr1] & 1 << 7 == 0 { reload = UInt64(registers[Self.arr]) }
    default: break
    }
    updateLines()
  }

  func reset(now: UInt64) {
    registers.reset()
    clock.restart(at: now)
    (prescaled, prescaler, repetition, reload) = (0, 0, 0, UInt64(registers[Self.arr]))
    updateLines()
  }

  private func updateLines() {
    let pending = registers[Self.sr] & registers[Self.dier]
    interrupts.update.drive(pending & 1 != 0)
    interrupts.compare.drive(pending & 0x1E != 0)
  }
}
