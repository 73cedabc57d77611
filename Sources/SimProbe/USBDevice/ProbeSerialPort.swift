import LinkInterface

/// The COM port of a probe: an abstract control model (USB CDC PSTN 1.2), and the cable from the probe to the chip.
///
/// What the host sends goes out at the chip's rate of characters; a buffer that is full takes nothing. What the chip sends waits
/// for the host in another buffer, and what does not fit in there is lost.
final class ProbeSerialPort {
  /// The interface that the class requests are for.
  let controlInterface: UInt8
  /// The endpoint that takes what is to be sent.
  let output: UInt8
  /// The endpoint that gives what has come in.
  let input: UInt8

  /// The wires to the chip; nil where the board has none.
  var cable: SerialCable? {
    didSet { begin() }
  }
  private var coding = LineCoding.usual
  /// What has come in and waits for the host.
  private var received: [UInt8] = []

  /// How much waits in either direction; chosen (docs/simulated-probe.md).
  static let bufferByteCount = 1024

  init(controlInterface: UInt8, output: UInt8, input: UInt8) {
    self.controlInterface = controlInterface
    self.output = output
    self.input = input
  }

  /// Begins anew, as after it was plugged in.
  func begin() {
    coding = .usual
    received = []
    cable?.setting = .format(coding.format)
    cable?.bufferByteCount = ProbeSerialPort.bufferByteCount
    _ = cable?.takeReceived()
  }

  // MARK: Class requests

  /// bRequest (USB CDC PSTN 1.2, table 13).
  private enum Request: UInt8 {
    case setLineCoding = 0x20
    case getLineCoding = 0x21
    case setControlLineState = 0x22
  }

  /// A request whose data stage comes from the device; nil is STALL.
  func controlIn(_ setup: ControlSetup) -> [UInt8]? {
    Request(rawValue: setup.request) == .getLineCoding ? Array(coding.bytes.prefix(Int(setup.length))) : nil
  }

  /// A request whose data stage, if any, goes to the device; false is STALL.
  func controlOut(_ setup: ControlSetup, _ data: [UInt8]) -> Bool {
    switch Request(rawValue: setup.request) {
    case .setLineCoding:
      guard let wanted = LineCoding(data) else { return false }
      coding = wanted
      cable?.setting = .format(wanted.format)
      return true
    // Neither DTR nor RTS is wired to the chip on the boards of the catalogue.
    case .setControlLineState: return true
    case .getLineCoding, nil: return false
    }
  }

  // MARK: Data

  /// Takes a transfer for the chip, or nothing of it while the buffer is full.
  func take(_ bytes: [UInt8]) -> Bool {
    guard let cable else { return true }
    guard cable.waitingCount < ProbeSerialPort.bufferByteCount else { return false }
    cable.send(bytes)
    return true
  }

  /// Goes on with a transfer to the host: packets until a short one, or until there is no room left.
  func give(byteCount: Int, packetSize: Int, into transfer: inout [UInt8]) -> SimulatedUSBDevice.InputAnswer {
    if let cable { received += cable.takeReceived().prefix(ProbeSerialPort.bufferByteCount - received.count) }
    while transfer.count < byteCount {
      let packet = min(packetSize, received.count)
      guard packet > 0 else { return .notReady }
      guard packet <= byteCount - transfer.count else { return .overflow }
      transfer += received.prefix(packet)
      received.removeFirst(packet)
      if packet < packetSize { return .complete }
    }
    return .complete
  }
}
