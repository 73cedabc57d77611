/// A USART or UART in asynchronous mode: both directions at its baud rate (RM0090, 30).
///
/// Half duplex, LIN, smart card, IrDA, synchronous mode, hardware flow control, mute mode and breaks are not modelled.
final class SerialPort: Peripheral {
  let name: String
  let registers: RegisterFile
  /// Each frame, when its start bit begins.
  let transmitting = Signal<SerialFrame>()
  /// Each frame, when its stop bit is over.
  let transmitted = Signal<SerialFrame>()
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
    static let parityError: UInt32 = 1 << 0
    static let framingError: UInt32 = 1 << 1
    static let overrun: UInt32 = 1 << 3
    static let idle: UInt32 = 1 << 4
    static let received: UInt32 = 1 << 5
    static let complete: UInt32 = 1 << 6
    static let empty: UInt32 = 1 << 7
    /// What a read of SR and then of DR clears.
    static let clearedByReading = parityError | framingError | overrun | idle
  }

  private enum Control {
    static let receiver: UInt32 = 1 << 2
    static let transmitter: UInt32 = 1 << 3
    static let idleInterrupt: UInt32 = 1 << 4
    static let receivedInterrupt: UInt32 = 1 << 5
    static let completeInterrupt: UInt32 = 1 << 6
    static let emptyInterrupt: UInt32 = 1 << 7
    static let parityInterrupt: UInt32 = 1 << 8
    static let oddParity: UInt32 = 1 << 9
    static let parity: UInt32 = 1 << 10
    static let longWord: UInt32 = 1 << 12
    static let enable: UInt32 = 1 << 13
    static let by8: UInt32 = 1 << 15
  }

  private enum Control3 {
    static let errorInterrupt: UInt32 = 1 << 0
    static let receiveDMA: UInt32 = 1 << 6
    static let transmitDMA: UInt32 = 1 << 7
  }

  private var hertz = ClockTree.reset.apb1
  /// What the shift register sends.
  private var shifting: SerialFrame?
  /// What waits in the data register.
  private var waiting: UInt16?
  /// What is connected to the RX pin.
  private var receiver = SerialReceiver()
  private var receivedData: UInt16 = 0
  /// When the line will have been idle for a frame's length; nil while that has been told already.
  private var idleTime: UInt64?
  /// The flags that the last read of SR has seen.
  private var seenFlags: UInt32 = 0
  /// The last time up to which something has happened here.
  private var present: UInt64 = 0

  init(_ name: String, _ table: RegisterTable) {
    self.name = name
    registers = RegisterFile(table.registers)
  }

  // MARK: Time

  var nextEvent: UInt64? { [shifting?.end, receiver.nextEvent, idleTime].compactMap(\.self).min() }

  func advance(to now: UInt64) {
    present = max(present, now)
    while let next = nextEvent, next <= now {
      if next == shifting?.end {
        finishShift(next)
      } else if let character = receiver.take(at: next) {
        receive(character)
      } else {
        idleTime = nil
        if let format, receiver.isIdle(from: next - format.frameLength, to: next) { registers[Self.sr] |= Status.idle }
      }
      updateLines(next)
    }
  }

  func clockChanged(to hertz: UInt64, now: UInt64) {
    self.hertz = hertz
    updateReceiver(now)
  }

  func postpone(by nanoseconds: UInt64) {
    shifting = shifting.map { SerialFrame(start: $0.start + nanoseconds, word: $0.word, format: $0.format) }
    present += nanoseconds
    receiver.miss(until: present)
    idleTime = nil
  }

  /// How characters stand on the wires; nil without a baud rate.
  ///
  /// With OVER8 a bit is 8 × USARTDIV periods of PCLK, else 16; BRR holds either in the same unit but for the fraction's
  /// width (RM0090, 30.3.4).
  private var format: SerialFormat? {
    let (word, control) = (UInt64(registers[Self.brr] & 0xFFFF), registers[Self.cr1])
    let periods = control & Control.by8 != 0 ? (word >> 4) * 8 + (word & 0x7) : word
    guard periods > 0, hertz > 0 else { return nil }
    let stopHalfBits: [UInt64] = [2, 1, 4, 3]
    let hasParity = control & Control.parity != 0
    return SerialFormat(
      bitLength: periods * 1_000_000_000_000 / hertz,
      dataBitCount: (control & Control.longWord != 0 ? 9 : 8) - (hasParity ? 1 : 0),
      parity: hasParity ? control & Control.oddParity != 0 ? .odd : .even : .none,
      stopHalfBits: stopHalfBits[Int(registers[Self.cr2] >> 12 & 0b11)])
  }

  // MARK: Registers

  func isSteady(_ offset: UInt32) -> Bool { offset != Self.dr }

  func prepareRead(_ offset: UInt32, now: UInt64) {
    if offset == Self.dr { registers[Self.dr] = UInt32(receivedData) }
  }

  func didRead(_ offset: UInt32, now: UInt64) {
    switch offset {
    case Self.sr: seenFlags |= registers[Self.sr] & Status.clearedByReading
    case Self.dr:
      registers[Self.sr] &= ~(Status.received | seenFlags)
      seenFlags = 0
      updateLines(now)
    default: break
    }
  }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    if offset == Self.dr {
      registers[Self.sr] &= ~(seenFlags & Status.parityError)
      transmit(UInt16(truncatingIfNeeded: written & 0x1FF), now: now)
    }
    updateReceiver(now)
    updateLines(now)
  }

  func reset(now: UInt64) {
    registers.reset()
    (shifting, waiting, receivedData, idleTime, seenFlags) = (nil, nil, 0, nil, 0)
    updateReceiver(now)
    updateLines(now)
  }

  // MARK: Transmitting

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
    guard isOn(Control.transmitter), let format else {
      waiting = data
      registers[Self.sr] &= ~Status.empty
      return
    }
    let frame = SerialFrame(start: time, word: format.word(data), format: format)
    shifting = frame
    transmitting.send(frame)
  }

  private func finishShift(_ end: UInt64) {
    guard let frame = shifting else { return }
    shifting = nil
    transmitted.send(frame)
    if let next = waiting {
      waiting = nil
      registers[Self.sr] |= Status.empty
      shift(next, from: end)
    } else {
      registers[Self.sr] |= Status.complete
    }
  }

  // MARK: Receiving

  /// A frame comes in at the RX pin.
  func receive(_ frame: SerialFrame) {
    receiver.add(frame)
  }

  /// How the firmware expects characters; nil while its receiver is off.
  var inputFormat: SerialFormat? { receiver.format }

  private func updateReceiver(_ now: UInt64) {
    receiver.listen(in: isOn(Control.receiver) ? format : nil, from: now)
    if receiver.format == nil { idleTime = nil }
  }

  /// A character is complete: one that finds the last one unread is lost.
  private func receive(_ character: SerialReceiver.Character) {
    guard let format = receiver.format else { return }
    if registers[Self.sr] & Status.received != 0 {
      registers[Self.sr] |= Status.overrun
    } else {
      receivedData = character.word
      registers[Self.sr] |= Status.received
      if character.hasFramingError { registers[Self.sr] |= Status.framingError }
      if format.hasParityError(character.word) { registers[Self.sr] |= Status.parityError }
    }
    // The stop bit's second half, and then a frame of ones.
    idleTime = character.time + format.bitLength / 2_000 + format.frameLength
  }

  // MARK: Lines

  /// Whether the port and one of its directions are enabled.
  private func isOn(_ direction: UInt32) -> Bool {
    let needed = Control.enable | direction
    return registers[Self.cr1] & needed == needed
  }

  /// The flags that ask for an interrupt as they are enabled (RM0090, table 148).
  private var enabledFlags: UInt32 {
    let (control, control3) = (registers[Self.cr1], registers[Self.cr3])
    var flags: UInt32 = 0
    if control & Control.emptyInterrupt != 0 { flags |= Status.empty }
    if control & Control.completeInterrupt != 0 { flags |= Status.complete }
    if control & Control.receivedInterrupt != 0 { flags |= Status.received | Status.overrun }
    if control & Control.idleInterrupt != 0 { flags |= Status.idle }
    if control & Control.parityInterrupt != 0 { flags |= Status.parityError }
    if control3 & Control3.errorInterrupt != 0, control3 & Control3.receiveDMA != 0 {
      flags |= Status.framingError | Status.overrun
    }
    return flags
  }

  private func updateLines(_ now: UInt64) {
    let (status, dma) = (registers[Self.sr], registers[Self.cr3])
    let isEnabled = registers[Self.cr1] & Control.enable != 0
    interrupt.drive(isEnabled && status & enabledFlags != 0)
    transmitRequest.drive(
      isEnabled && dma & Control3.transmitDMA != 0 && status & Status.empty != 0, now: now)
    receiveRequest.drive(
      isEnabled && dma & Control3.receiveDMA != 0 && status & Status.received != 0, now: now)
  }
}
