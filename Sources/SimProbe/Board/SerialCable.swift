/// The far end of a serial cable at a chip: what a computer's adapter, or the probe's COM port, sends and receives.
///
/// Both directions take the time that the characters take on the wire. The ends know nothing of each other's rate and format:
/// where these differ, wrong characters come in, or none.
package final class SerialCable {
  /// Where a cable is connected.
  package enum Place: Sendable, Equatable {
    /// To whichever pins the firmware has given to a serial port, by its name: "USART3".
    case serialPort(String)
    /// To two pins, by the chip's side: what it receives and what it transmits.
    case pins(receive: String, transmit: String)
  }

  /// In which rate and format this end sends and receives.
  package enum Setting: Sendable, Equatable {
    /// As the chip's port has been set.
    case likeThePort
    /// At this rate, and else as the chip's port has been set.
    case baud(UInt64)
    /// In a format of its own.
    case format(SerialFormat)
  }

  /// What has gone over the cable.
  package struct Traffic: Sendable, Equatable {
    /// The characters that this end has sent.
    package var sentCount = 0
    /// The characters that have come in.
    package var receivedCount = 0
    /// From the start of the first character to the end of the last one, in nanoseconds of the chip's time.
    package var span: Range<UInt64> = 0..<0

    mutating func add(from start: UInt64, to end: UInt64) {
      span = span.isEmpty ? start..<end : min(start, span.lowerBound)..<max(end, span.upperBound)
    }
  }

  /// How this end sends and receives; nil while it does neither.
  package var setting: Setting? = .likeThePort
  /// How much of what comes in waits to be taken; the rest is lost.
  var bufferByteCount = Int.max
  /// Where it is connected.
  let place: Place

  /// What has gone over it until now.
  package private(set) var traffic = Traffic()

  private unowned let chip: Chip
  private let wires: SerialWires
  private var receiver = SerialReceiver()
  private var received: [UInt8] = []
  private var queue: [UInt8] = []
  /// Whether the next character goes out by itself, when the one before has passed.
  private var isSending = false

  /// How long to wait for a receiver that is off, in nanoseconds.
  private static let patience: UInt64 = 1_000_000

  init(_ place: Place, at chip: Chip, by wires: SerialWires = SerialWires(), setting: Setting? = .likeThePort) {
    self.place = place
    self.wires = wires
    self.chip = chip
    self.setting = setting
    chip.serialOutputBegins.connect(to: self) { $0.take($1.frame, from: $1.port) }
    if case .pins(let receive, _) = place {
      let pin = PinName(receive[...])
      chip.port(pin.port)?.drive(pin: pin.number, high: true)
    }
  }

  // MARK: Towards the chip

  /// Sends bytes as soon as those before them have gone.
  package func send(_ bytes: some Sequence<UInt8>) {
    chip.synchronise()
    queue += bytes
    if !isSending { sendNext() }
  }

  /// The bytes that have not begun yet.
  package var waitingCount: Int { queue.count }

  private func sendNext() {
    guard let byte = queue.first else {
      isSending = false
      return
    }
    isSending = true
    let bootloader = bootloaderPort
    let port = receivingPort
    guard let format = format(at: bootloader == nil ? port?.inputFormat : chip.bootloader.format) else {
      return chip.schedule(at: chip.present + Self.patience, for: self) { $0.sendNext() }
    }
    queue.removeFirst()
    let frame = SerialFrame(start: chip.present, word: format.word(UInt16(byte)), format: format)
    traffic.sentCount += 1
    traffic.add(from: frame.start, to: frame.end)
    if wires.echoes { received.append(byte) }
    if let arriving = wires.carry(frame) {
      if let bootloader {
        chip.receive(arriving, atPort: bootloader)
      } else if let port {
        chip.receive(arriving, at: port)
      }
    }
    chip.schedule(at: frame.end, for: self) { $0.sendNext() }
  }

  /// The port of the chip's ROM bootloader that this end leads to, while the core is in it.
  private var bootloaderPort: String? {
    guard chip.bootloader.isExecuting else { return nil }
    let ports = chip.bootloader.facts.ports
    switch place {
    case .serialPort(let name): return ports.first { $0 == name }
    case .pins(let receive, _):
      let pin = PinName(receive[...])
      return chip.model.family.peripherals.serialPins
        .first { $0.pin == pin && !$0.isTransmit && ports.contains($0.serialPort) }?.serialPort
    }
  }

  private var receivingPort: SerialPort? {
    switch place {
    case .serialPort(let name): chip.serialPort(name).flatMap { chip.hasPin($0, isTransmit: false) ? $0 : nil }
    case .pins(let receive, _): chip.serialPort(at: PinName(receive[...]), isTransmit: false)
    }
  }

  /// What this end makes of its setting beside a port's format; nil while it waits for the port to be set.
  private func format(at port: SerialFormat?) -> SerialFormat? {
    switch setting {
    case nil: nil
    case .likeThePort: port
    case .baud(let baud): SerialFormat(baud: baud, like: port)
    case .format(let format): format
    }
  }

  // MARK: From the chip

  /// Takes what has come in since the last time.
  package func takeReceived() -> [UInt8] {
    chip.synchronise()
    collect(until: chip.present)
    defer { received = [] }
    return received
  }

  private func take(_ frame: SerialFrame, from name: String) {
    switch place {
    case .serialPort(let own):
      guard own == name, chip.isHeard(name) else { return }
    case .pins(_, let transmit):
      guard
        bootloaderPort == name || chip.serialPort(at: PinName(transmit[...]), isTransmit: true)?.name == name
      else { return }
    }
    guard let frame = wires.carry(frame) else { return }
    collect(until: frame.start)
    traffic.receivedCount += 1
    traffic.add(from: frame.start, to: frame.end)
    receiver.listen(in: format(at: frame.format), from: frame.start)
    receiver.add(frame)
  }

  /// Takes the characters that are complete; those with framing errors too, as serial adapters do.
  private func collect(until now: UInt64) {
    while let character = receiver.take(at: now), let format = receiver.format {
      guard received.count < bufferByteCount else { continue }
      received.append(UInt8(truncatingIfNeeded: format.data(character.word)))
    }
  }
}

extension Simulation {
  /// Connects a serial cable to the chip.
  ///
  /// - Parameter place: where; a serial port that the part does not have gives nil.
  package func connectSerialCable(to place: SerialCable.Place) -> SerialCable? {
    if case .serialPort(let name) = place, board.chip.serialPort(name) == nil { return nil }
    let isAdapter = if case .serialPort = place { true } else { false }
    let cable = SerialCable(place, at: board.chip, by: isAdapter ? board.serialWires : SerialWires())
    board.cables.append(cable)
    return cable
  }

  /// Where the COM port of the board's probe is wired to; nil where it is not.
  package var comPort: SerialCable.Place? {
    device.profile.product.functions.contains(.serialPort) ? board.model.comPort : nil
  }

  /// The names of the chip's serial ports.
  package var serialPortNames: [String] { board.chip.serialPorts.map(\.name) }
}
