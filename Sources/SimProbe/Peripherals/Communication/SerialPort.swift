/// A USART or UART in asynchronous mode: transmits at its baud rate, receives what the outside sends (RM0090, 30).
final class SerialPort: Peripheral {
  let name: String
  let registers: RegisterFile
  /// Each frame's data, when its stop bit is over.
  let transmitted = Signal<UInt16>()
  /// The interrupt.
  let interrupt = Line()
  /// The DMA requests to fetch a frame for transmission, and to take a received one.
  let transmitRequest = RequestLine()
  let receiveRequest = RequestLine()

  private static let sr: UInt32 = 0x00
  private static let dr: UInt32 = 0x04
  private static let brr: UInt32 = 0x08
  private static let cr1: UInt32 = 0x0C
  private static let cr2: UInt32 = 0x10
  private static let cr3: UInt32 = 0x14

  private enum Status {
    static let overrun: UInt32 = 1 << 3
    static let received: UInt32 = 1 << 5
    static let complete: UInt32 = 1 << 6
    static let empty: UInt32 = 1 << 7
  }

  private var hertz = ClockTree.reset.apb1
  /// What the shift register sends, and when its stop bit ends.
  private var shifting: (data: UInt16, end: UInt64)?
  /// What waits in the data register.
  private var waiting: UInt16?
  private var receivedData: UInt16 = 0

  init(_ name: String, _ table: RegisterTable) {
    self.name = name
    registers = RegisterFile(table.registers)
  }

  // MARK: Time

  var nextEvent: UInt64? { shifting?.end }

  func advance(to now: UInt64) {
    while let frame = shifting, frame.end <= now {
      shifting = nil
      transmitted.send(frame.data)
      if let next = waiting {
        waiting = nil
        registers[Self.sr] |= Status.empty
        shift(next, from: frame.end)
      } else {
        registers[Self.sr] |= Status.complete
      }
      updateLines(frame.end)
    }
  }

  func clockChanged(to hertz: UInt64, now: UInt64) { self.hertz = hertz }

  func postpone(by nanoseconds: UInt64) { shifting?.end += nanoseconds }

  /// The length of a frame in nanoseconds; nil without a baud rate.
  ///
  /// With OVER8 a bit is 8 × USARTDIV periods of PCLK, else 16; BRR holds either in the same unit but for the fraction's
  /// width (RM0090, 30.3.4).
  private var frameLength: UInt64? {
    let word = UInt64(registers[Self.brr] & 0xFFFF)
    let isOver8 = registers[Self.cr1] & 1 << 15 != 0
    let periods = isOver8 ? (word >> 4) * 8 + (word & 0x7) : word
    guard periods > 0, hertz > 0 else { return nil }
    let stopBits: [UInt64] = [2, 1, 4, 3]
    let halfBits = 2 + (registers[Self.cr1] & 1 << 12 != 0 ? 18 : 16) + stopBits[Int(registers[Self.cr2] >> 12 & 0b11)]
    return halfBits * periods * 1_000_000_000 / (2 * hertz)
  }

  // MARK: Registers

  func isSteady(_ offset: UInt32) -> Bool { offset != Self.dr }

  func didRead(_ offset: UInt32, now: UInt64) {
    guard offset == Self.dr else { return }
    registers[Self.sr] &= ~(Status.received | Status.overrun)
    updateLines(now)
  }

  func prepareRead(_ offset: UInt32, now: UInt64) {
    if offset == Self.dr { registers[Self.dr] = UInt32(receivedData) }
  }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    if offset == Self.dr { transmit(UInt16(truncatingIfNeeded: written & 0x1FF), now: now) }
    updateLines(now)
  }

  func reset(now: UInt64) {
    registers.reset()
    (shifting, waiting, receivedData) = (nil, nil, 0)
    updateLines(now)
  }

  // MARK: Data

  private func transmit(_ data: UInt16, now: UInt64) {
    registers[Self.sr] &= ~Status.complete
    if shifting == nil {
      shift(data, from: now)
    } else {
      waiting = data
      registers[Self.sr] &= ~Status.empty
    }
  }

  /// Starts a frame; without UE, TE or a baud rate it waits for ever in the data register.
  private func shift(_ data: UInt16, from time: UInt64) {
    let isEnabled = registers[Self.cr1] & (1 << 13 | 1 << 3) == 1 << 13 | 1 << 3
    guard isEnabled, let length = frameLength else {
      waiting = data
      registers[Self.sr] &= ~Status.empty
      return
    }
    shifting = (data, time + length)
  }

  /// A frame arrives from outside; a receiver that is off misses it, a full one notes an overrun.
  func receive(_ data: UInt16, now: UInt64) {
    guard registers[Self.cr1] & (1 << 13 | 1 << 2) == 1 << 13 | 1 << 2 else { return }
    if registers[Self.sr] & Status.received != 0 {
      registers[Self.sr] |= Status.overrun
    } else {
      receivedData = data
      registers[Self.sr] |= Status.received
    }
    updateLines(now)
  }

  private func updateLines(_ now: UInt64) {
    let (status, control) = (registers[Self.sr], registers[Self.cr1])
    let isAsking =
      status & Status.empty != 0 && control & 1 << 7 != 0 || status & Status.complete != 0 && control & 1 << 6 != 0
      || status & (Status.received | Status.overrun) != 0 && control & 1 << 5 != 0
    let isEnabled = control & 1 << 13 != 0
    interrupt.drive(isAsking && isEnabled)
    let dma = registers[Self.cr3]
    transmitRequest.drive(isEnabled && dma & 1 << 7 != 0 && status & Status.empty != 0, now: now)
    receiveRequest.drive(isEnabled && dma & 1 << 6 != 0 && status & Status.received != 0, now: now)
  }
}
