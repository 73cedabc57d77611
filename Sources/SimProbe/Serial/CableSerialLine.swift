package import LinkInterface

/// The computer's end of a serial cable to a simulated chip, in virtual time: what a program that opens the board's COM
/// port gets.
///
/// What is sent goes out beside the work of its sender, as it does through an adapter.
package final class CableSerialLine: SerialLine {
  package let identity: SerialIdentity
  package private(set) var settings = SerialSettings(baudRate: 115_200)

  private let cable: SerialCable
  private let virtualClock: VirtualClock
  private var input: [UInt8] = []
  private var isClosed = false
  /// How long the chip is left alone at the most while somebody waits for what its program sends, in nanoseconds.
  private static let lookPeriod: UInt64 = 50_000

  init(_ cable: SerialCable, name: String, clock: VirtualClock) {
    self.cable = cable
    virtualClock = clock
    identity = SerialIdentity(name: name, product: "simulated COM port")
    cable.setting = .format(SerialFormat(settings))
  }

  package var clock: any LinkClock { virtualClock }

  package func configure(_ settings: SerialSettings) throws(SerialError) {
    try checkOpen()
    guard settings.baudRate > 0 else { throw error(.unsupported("\(settings.baudRate) baud")) }
    self.settings = settings
    cable.setting = .format(SerialFormat(settings))
  }

  package func send(_ bytes: [UInt8], by deadline: Deadline) throws(SerialError) {
    try checkOpen()
    cable.send(bytes)
    while cable.waitingCount > 0 {
      guard virtualClock.now < deadline.time else { throw error(.timeout) }
      virtualClock.advance(by: Self.lookPeriod)
      collect()
    }
  }

  package func receive(_ byteCount: Int, by deadline: Deadline) throws(SerialError) -> [UInt8] {
    try checkOpen()
    collect()
    while input.count < byteCount {
      guard virtualClock.now < deadline.time else {
        defer { input = [] }
        throw error(.timeout, received: input)
      }
      virtualClock.advance(by: Self.lookPeriod)
      collect()
    }
    defer { input.removeFirst(byteCount) }
    return Array(input.prefix(byteCount))
  }

  package func discardInput() throws(SerialError) {
    try checkOpen()
    collect()
    input = []
  }

  package func drive(_ line: ControlLine, active: Bool) throws(SerialError) {
    throw error(.unsupported("\(line.rawValue.uppercased()): the COM port of a probe has no such wire"))
  }

  package func sendBreak(for duration: Duration) throws(SerialError) {
    throw error(.unsupported("a break"))
  }

  package func close() { isClosed = true }

  private func collect() { input += cable.takeReceived() }

  private func checkOpen() throws(SerialError) {
    if isClosed { throw error(.closed) }
  }

  private func error(_ reason: SerialError.Reason, received: [UInt8] = []) -> SerialError {
    SerialError(reason, port: identity.name, received: received)
  }
}

extension Simulation {
  /// Opens the computer's end of a cable to one of the chip's serial ports, or of the COM port of the board's probe.
  ///
  /// - Parameter port: the port's name; nil for the COM port.
  /// - Returns: nil where there is no such port.
  package func openCable(to port: String?) -> (any SerialLine)? {
    guard let place = port.map(SerialCable.Place.serialPort) ?? comPort, let cable = connectSerialCable(to: place)
    else {
      return nil
    }
    return CableSerialLine(cable, name: port ?? "COM port", clock: board.chip.clock)
  }
}
