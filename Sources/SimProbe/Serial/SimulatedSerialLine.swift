package import LinkInterface

/// A serial adapter in this process whose wires lead to the pins of a simulated chip; it sends and receives in virtual time.
package final class SimulatedSerialLine: SerialLine {
  package let identity: SerialIdentity
  package private(set) var settings = SerialSettings(baudRate: 9600)

  /// What each call waits for at its end; nil lets the simulation run as fast as it can.
  var pace: (any SimulationPace)?
  /// What stands between the adapter and the chip.
  var wires: SerialWires { board.serialWires }

  private let board: Board
  private let port: String
  private let wiring: SerialAdapterWiring
  private let virtualClock: VirtualClock
  private let opened: Duration
  private var receiver = SerialReceiver()
  private var input: [UInt8] = []
  private var isClosed = false
  /// How long the chip is left alone at the most while somebody waits for what its program sends, in nanoseconds.
  private static let lookPeriod: UInt64 = 50_000

  /// Connects an adapter to a chip's serial port, by the port's name: "USART1".
  init(board: Board, clock: VirtualClock, port: String, wiring: SerialAdapterWiring) {
    self.board = board
    virtualClock = clock
    self.port = port
    self.wiring = wiring
    identity = SerialIdentity(name: "simulated \(port)", product: "simulated adapter")
    opened = clock.now
    receiver.listen(in: format, from: clock.nanoseconds)
    if let boot0 = wiring.boot0 { apply(boot0, active: true) }
    if let reset = wiring.reset { apply(reset, active: true) }
    board.chip.serialOutputBegins.connect(to: self) { $0.hear($1.frame, from: $1.port) }
  }

  package var clock: any LinkClock { virtualClock }

  // MARK: Settings

  package func configure(_ settings: SerialSettings) throws(SerialError) {
    try checkOpen()
    guard settings.baudRate > 0 else { throw error(.unsupported("\(settings.baudRate) baud")) }
    self.settings = settings
    receiver.listen(in: format, from: virtualClock.nanoseconds)
  }

  package func drive(_ line: ControlLine, active: Bool) throws(SerialError) {
    try checkOpen()
    board.chip.synchronise()
    apply(wires.areControlLinesSwapped ? line.other : line, active: active)
  }

  private func apply(_ line: ControlLine, active: Bool) {
    if line == wiring.boot0 { board.chip.boot0 = active == wiring.isBoot0Inverted }
    if line == wiring.reset { board.changeReset { $0.isHeldByAdapter = active } }
  }

  // MARK: Data

  package func send(_ bytes: [UInt8], by deadline: Deadline) throws(SerialError) {
    defer { keepPace() }
    try checkOpen()
    let format = self.format
    for byte in bytes {
      guard virtualClock.now < deadline.time else { throw error(.timeout) }
      board.chip.synchronise()
      let frame = SerialFrame(start: virtualClock.nanoseconds, word: format.word(UInt16(byte)), format: format)
      if let frame = wires.carry(frame) { board.chip.receive(frame, atPort: port) }
      if wires.echoes { input.append(byte) }
      virtualClock.advance(to: frame.end)
      try lookAfterWires()
    }
    board.chip.synchronise()
  }

  package func receive(_ byteCount: Int, by deadline: Deadline) throws(SerialError) -> [UInt8] {
    defer { keepPace() }
    try checkOpen()
    let end = UInt64(clamping: deadline.time.nanosecondCount)
    board.chip.synchronise()
    collect()
    while input.count < byteCount {
      try lookAfterWires()
      guard virtualClock.nanoseconds < end else {
        defer { input = [] }
        throw error(.timeout, received: input)
      }
      virtualClock.advance(to: min(end, nextLook))
      board.chip.synchronise()
      collect()
    }
    defer { input.removeFirst(byteCount) }
    return Array(input.prefix(byteCount))
  }

  package func discardInput() throws(SerialError) {
    try checkOpen()
    board.chip.synchronise()
    collect()
    input = []
  }

  package func sendBreak(for duration: Duration) throws(SerialError) {
    defer { keepPace() }
    try checkOpen()
    // A start bit that is followed by zeros only; the wire is low for all of it.
    let length = UInt64(clamping: duration.nanosecondCount)
    let format = SerialFormat(bitLength: max(1, length * 1000 / 9), stopHalfBits: 0)
    board.chip.synchronise()
    board.chip.receive(SerialFrame(start: virtualClock.nanoseconds, word: 0, format: format), atPort: port)
    virtualClock.advance(by: length)
    board.chip.synchronise()
  }

  package func close() { isClosed = true }

  // MARK: Parts

  /// How characters stand on the wire: not as they should where the adapter knows no parity.
  private var format: SerialFormat {
    var settings = settings
    if wires.hasNoParity { settings.parity = .none }
    return SerialFormat(settings)
  }

  /// When something may have come that was not there before.
  private var nextLook: UInt64 {
    let now = virtualClock.nanoseconds
    let next = [board.chip.nextAppointment, receiver.nextEvent].compactMap(\.self).min()
    if board.chip.bootloader.isExecuting || !board.chip.isPowered { return max(now + 1, next ?? .max) }
    return max(now + 1, min(next ?? .max, now + Self.lookPeriod))
  }

  /// A frame begins on the wire from the chip.
  private func hear(_ frame: SerialFrame, from port: String) {
    guard port == self.port, !isClosed, board.chip.isHeard(port), let frame = wires.carry(frame) else { return }
    receiver.add(frame)
  }

  /// Takes what has come; a character with a wrong parity or without its stop bit is dropped, as a port drops it.
  private func collect() {
    while let character = receiver.take(at: virtualClock.nanoseconds) {
      if character.hasFramingError || format.hasParityError(character.word) { continue }
      input.append(UInt8(truncatingIfNeeded: format.data(character.word)))
    }
  }

  private func lookAfterWires() throws(SerialError) {
    if wires.isUnplugged { throw error(.gone, received: input) }
  }

  private func checkOpen() throws(SerialError) {
    if isClosed { throw error(.closed) }
    try lookAfterWires()
  }

  private func error(_ reason: SerialError.Reason, received: [UInt8] = []) -> SerialError {
    SerialError(reason, port: identity.name, received: received)
  }

  private func keepPace() { pace?.wait(until: virtualClock.now - opened) }
}

extension SerialFormat {
  /// A format as a host sets it.
  init(_ settings: SerialSettings) {
    let parity: Parity =
      switch settings.parity {
      case .none: .none
      case .even: .even
      case .odd: .odd
      }
    self.init(
      baud: UInt64(max(settings.baudRate, 1)), parity: parity, stopBitCount: UInt64(settings.stopBitCount))
  }
}

extension ControlLine {
  fileprivate var other: ControlLine { self == .rts ? .dtr : .rts }
}

extension Duration {
  fileprivate var nanosecondCount: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}
