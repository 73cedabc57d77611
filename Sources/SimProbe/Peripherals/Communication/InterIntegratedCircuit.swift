/// I2C as a master on a bus with pull-ups and nobody on it: start and stop conditions work, and no address is
/// acknowledged (RM0090, 27.3).
final class InterIntegratedCircuit: Peripheral {
  let name: String
  let registers = RegisterFile(RegisterTable.i2c.registers)
  /// The interrupts.
  let eventInterrupt = Line()
  let errorInterrupt = Line()

  private static let cr1: UInt32 = 0x00
  private static let cr2: UInt32 = 0x04
  private static let dr: UInt32 = 0x10
  private static let sr1: UInt32 = 0x14
  private static let sr2: UInt32 = 0x18
  private static let ccr: UInt32 = 0x1C
  private static let start: UInt32 = 1 << 8
  private static let stop: UInt32 = 1 << 9

  private enum Step {
    case start, address, stop
  }

  private var hertz = ClockTree.reset.apb1
  private var under: (step: Step, end: UInt64)?

  init(_ name: String) {
    self.name = name
  }

  var nextEvent: UInt64? { under?.end }

  func advance(to now: UInt64) {
    guard let (step, end) = under, end <= now else { return }
    under = nil
    switch step {
    case .start:
      // Start sent, the master has the bus.
      registers[Self.cr1] &= ~Self.start
      registers[Self.sr1] |= 1 << 0
      registers[Self.sr2] |= 0b11
    case .address: registers[Self.sr1] |= 1 << 10
    case .stop:
      registers[Self.cr1] &= ~Self.stop
      registers[Self.sr2] &= ~0b11
    }
    updateInterrupts()
  }

  func clockChanged(to hertz: UInt64, now: UInt64) { self.hertz = hertz }

  func postpone(by nanoseconds: UInt64) { under?.end += nanoseconds }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    switch offset {
    case Self.cr1: control(old, now)
    case Self.dr where registers[Self.sr1] & 1 != 0:
      registers[Self.sr1] &= ~1
      under = (.address, now + 9 * bitLength)
    default: break
    }
    updateInterrupts()
  }

  func reset(now: UInt64) {
    registers.reset()
    under = nil
    updateInterrupts()
  }

  private func control(_ old: UInt32, _ now: UInt64) {
    let control = registers[Self.cr1]
    // SWRST and a cleared PE bring the state machine to rest.
    guard control & 1 != 0, control & 1 << 15 == 0 else {
      under = nil
      registers[Self.sr1] = 0
      registers[Self.sr2] = 0
      return
    }
    if control & ~old & Self.stop != 0 {
      under = (.stop, now + bitLength)
    } else if control & ~old & Self.start != 0 {
      under = (.start, now + bitLength)
    }
  }

  /// A bit on the bus: twice CCR in standard mode, about three times in fast mode.
  private var bitLength: UInt64 {
    let word = registers[Self.ccr]
    let periods = UInt64(max(word & 0xFFF, 1)) * (word & 1 << 15 == 0 ? 2 : word & 1 << 14 == 0 ? 3 : 25)
    return hertz > 0 ? periods * 1_000_000_000 / hertz : 0
  }

  private func updateInterrupts() {
    let (status, enabled) = (registers[Self.sr1], registers[Self.cr2])
    eventInterrupt.drive(enabled & 1 << 9 != 0 && status & 0x1F != 0)
    errorInterrupt.drive(enabled & 1 << 8 != 0 && status & 0xDF00 != 0)
  }
}
