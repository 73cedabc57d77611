/// RNG: a 32-bit number every 40 periods of the 48 MHz clock (RM0090, 24.3).
///
/// What is noise on silicon follows from the simulation's seed.
final class RandomNumbers: Peripheral {
  let name = "RNG"
  let registers = RegisterFile(RegisterTable.randomNumbers.registers)
  /// The interrupt (line 80, shared with HASH).
  let interrupt = Line()

  private static let cr: UInt32 = 0x00
  private static let sr: UInt32 = 0x04
  private static let dr: UInt32 = 0x08
  private static let periods: UInt64 = 40

  private var clock = PeriodCounter(hertz: 0)
  private var random: ChipRandom
  private var ready: UInt64?

  init(seed: UInt64) {
    random = ChipRandom(seed: seed)
  }

  private var isEnabled: Bool { registers[Self.cr] & 1 << 2 != 0 }

  var nextEvent: UInt64? { ready }

  func advance(to now: UInt64) {
    _ = clock.take(until: now)
    guard let time = ready, time <= now else { return }
    ready = nil
    registers[Self.dr] = UInt32(truncatingIfNeeded: random.next())
    registers[Self.sr] |= 1
    updateInterrupt()
  }

  func clockChanged(to hertz: UInt64, now: UInt64) {
    clock.change(to: hertz)
    start()
  }

  func postpone(by nanoseconds: UInt64) {
    clock.postpone(by: nanoseconds)
    ready = ready.map { $0 + nanoseconds }
  }

  func didRead(_ offset: UInt32, now: UInt64) {
    guard offset == Self.dr, registers[Self.sr] & 1 != 0 else { return }
    registers[Self.sr] &= ~1
    registers[Self.dr] = 0
    start()
    updateInterrupt()
  }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    start()
    updateInterrupt()
  }

  func reset(now: UInt64) {
    registers.reset()
    ready = nil
    updateInterrupt()
  }

  /// Begins the next number; without a clock the clock error is set (CECS and CEIS).
  private func start() {
    guard isEnabled else { return ready = nil }
    if clock.hertz == 0 {
      registers[Self.sr] |= 1 << 1 | 1 << 5
      ready = nil
    } else {
      registers[Self.sr] &= ~(1 << 1)
      if ready == nil, registers[Self.sr] & 1 == 0 { ready = clock.time(after: Self.periods) }
    }
  }

  private func updateInterrupt() {
    interrupt.drive(registers[Self.cr] & 1 << 3 != 0 && registers[Self.sr] & 0x61 != 0)
  }
}
