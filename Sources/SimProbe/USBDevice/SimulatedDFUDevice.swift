package import LinkInterface

/// The device at the board's own USB socket in this process: deadlines and errors as a USB stack would give them, in virtual
/// time.
package final class SimulatedDFUDevice: USBDevice {
  /// What the device says of itself.
  package let identity: USBIdentity
  /// What each batch waits for at its end; nil lets the simulation run as fast as it can.
  var pace: (any SimulationPace)?
  /// When the transfers of the last batch ended.
  package private(set) var completionTimes: [Duration] = []

  private let socket: BoardUSBSocket
  private let virtualClock: VirtualClock
  private let opened: Duration
  /// Which of the device's times on the bus it was opened in.
  private var connection: Int
  private var isClosed = false

  /// How long a device may take to come back after it has been reset, in nanoseconds.
  private static let returnTime: UInt64 = 5_000_000_000

  /// Opens the device that shows itself now.
  init(_ socket: BoardUSBSocket, clock: VirtualClock) {
    self.socket = socket
    virtualClock = clock
    opened = clock.now
    connection = socket.appearanceCount
    let descriptors = socket.descriptors
    let text = { (number: UInt8) -> [UInt8]? in
      guard case .complete(let bytes) = socket.control(.stringDescriptor(number), data: []) else { return nil }
      return bytes
    }
    identity = USBIdentity(
      vendorID: descriptors.vendorID, productID: descriptors.productID, deviceRelease: descriptors.deviceRelease,
      manufacturer: text(descriptors.manufacturerIndex).map(SimulatedProbe.text),
      product: text(descriptors.productIndex).map(SimulatedProbe.text),
      serial: text(descriptors.serialIndex).flatMap(USBSerial.init(descriptor:)), speed: socket.speed,
      location: USBLocation(bus: 0, address: 2))
  }

  /// The simulation's clock.
  package var clock: any LinkClock { virtualClock }

  /// Performs a batch; see `USBDevice`.
  package func perform(_ transfers: [Transfer], by deadline: Deadline) throws(LinkError) -> [[UInt8]] {
    defer { pace?.wait(until: virtualClock.now - opened) }
    guard !isClosed else { throw LinkError(.closed) }
    guard !socket.isDenied else { throw LinkError(.denied) }
    guard !socket.isClaimedElsewhere else { throw LinkError(.busy) }
    var results: [[UInt8]] = []
    completionTimes = []
    for (index, transfer) in transfers.enumerated() {
      results.append(try perform(transfer, at: index, of: transfers, by: deadline, after: results))
      completionTimes.append(virtualClock.now)
    }
    return results
  }

  private func perform(
    _ transfer: Transfer, at index: Int, of batch: [Transfer], by deadline: Deadline, after results: [[UInt8]]
  ) throws(LinkError) -> [UInt8] {
    func failure(_ reason: LinkError.Reason) -> LinkError {
      LinkError(reason, at: index, of: batch, completed: results)
    }
    guard socket.isPlugged, socket.appearanceCount == connection else { throw failure(.gone) }
    let (setup, data): (ControlSetup, [UInt8])
    switch transfer {
    case .controlIn(let asked): (setup, data) = (asked, [])
    case .controlOut(let asked, let bytes): (setup, data) = (asked, bytes)
    case .bulkIn, .bulkOut: throw failure(.other(code: -5, text: "the device has no such endpoint"))
    }
    let end = UInt64(
      clamping: deadline.time.components.seconds * 1_000_000_000
        + deadline.time.components.attoseconds / 1_000_000_000)
    switch socket.control(setup, data: data, until: end) {
    case nil: throw failure(.timeout)
    case .stall?: throw failure(.stall)
    case .silence?: throw failure(.gone)
    case .complete(let bytes)?: return bytes
    }
  }

  /// Clears a stalled endpoint: it has none that could stay so.
  package func clearStall(on endpoint: Endpoint) throws(LinkError) {
    guard !isClosed else { throw LinkError(.closed) }
  }

  /// Resets the device; one that has gone is waited for, as a host does that finds it again at the same place.
  package func reset() throws(LinkError) {
    defer { pace?.wait(until: virtualClock.now - opened) }
    guard !isClosed else { throw LinkError(.closed) }
    if socket.isPlugged, socket.appearanceCount == connection { return socket.reset() }
    guard socket.awaitDevice(until: virtualClock.nanoseconds + Self.returnTime) else { throw LinkError(.gone) }
    connection = socket.appearanceCount
  }

  /// Gives the device back.
  package func close() { isClosed = true }
}
