/// SPI as a master with nothing connected: what it sends goes nowhere, and it receives ones (RM0090, 28.3).
final class SerialPeripheralInterface: Peripheral {
  let name: String
  let registers = RegisterFile(RegisterTable.spi.registers)
  /// The interrupt.
  let interrupt = Line()

  private static let cr1: UInt32 = 0x00
  private static let cr2: UInt32 = 0x04
  private static let sr: UInt32 = 0x08
  private static let dr: UInt32 = 0x0C
  private static let received: UInt32 = 1 << 0
  private static let empty: UInt32 = 1 << 1
  private static let overrun: UInt32 = 1 << 6
  private static let busy: UInt32 = 1 << 7

  private var hertz = ClockTree.reset.apb1
  private var frameEnd: UInt64?
  private var isWaiting = false

  init(_ name: String) {
    self.name = name
  }

  var nextEvent: UInt64? { frameEnd }

  func advance(to now: UInt64) {
    while let end = frameEnd, end <= now {
      registers[Self.sr] |= registers[Self.sr] & Self.received != 0 ? Self.overrun : Self.received
      registers[Self.dr] = isWide ? 0xFFFF : 0xFF
      if isWaiting {
        isWaiting = false
        registers[Self.sr] |= Self.empty
        frameEnd = frameLength.map { end + $0 }
      } else {
        frameEnd = nil
        registers[Self.sr] &= ~Self.busy
      }
      updateInterrupt()
    }
  }

  func clockChanged(to hertz: UInt64, now: UInt64) { self.hertz = hertz }

  func postpone(by nanoseconds: UInt64) { frameEnd = frameEnd.map { $0 + nanoseconds } }

  func isSteady(_ offset: UInt32) -> Bool { offset != Self.dr }

  func didRead(_ offset: UInt32, now: UInt64) {
    guard offset == Self.dr else { return }
    registers[Self.sr] &= ~(Self.received | Self.overrun)
    updateInterrupt()
  }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    if offset == Self.dr { send(now, keeping: old) }
    updateInterrupt()
  }

  func reset(now: UInt64) {
    registers.reset()
    (frameEnd, isWaiting) = (nil, false)
    updateInterrupt()
  }

  private var isWide: Bool { registers[Self.cr1] & 1 << 11 != 0 }

  /// Eight or sixteen periods of PCLK / 2^(BR + 1); nil while the master is off.
  private var frameLength: UInt64? {
    let control = registers[Self.cr1]
    guard control & (1 << 6 | 1 << 2) == 1 << 6 | 1 << 2, hertz > 0 else { return nil }
    return (isWide ? 16 : 8) * 1_000_000_000 * (2 << UInt64(control >> 3 & 0b111)) / hertz
  }

  private func send(_ now: UInt64, keeping receivedData: UInt32) {
    // DR reads what has been received, whatever is written.
    registers[Self.dr] = receivedData
    guard let length = frameLength else { return }
    if frameEnd == nil {
      frameEnd = now + length
      registers[Self.sr] |= Self.busy
    } else {
      isWaiting = true
      registers[Self.sr] &= ~Self.empty
    }
  }

  private func updateInterrupt() {
    let (status, enabled) = (registers[Self.sr], registers[Self.cr2])
    interrupt.drive(
      status & Self.empty != 0 && enabled & 1 << 7 != 0 || status & Self.received != 0 && enabled & 1 << 6 != 0
        || status & Self.overrun != 0 && enabled & 1 << 5 != 0)
  }
}
