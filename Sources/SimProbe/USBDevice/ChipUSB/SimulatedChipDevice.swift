public import LinkInterface

/// What the firmware is on the chip's own USB, in this process: deadlines and errors as a USB stack would give them, in virtual
/// time.
final class SimulatedChipDevice: USBDevice {
  let identity: USBIdentity
  /// What each batch waits for at its end; nil lets the simulation run as fast as it can.
  var pace: (any SimulationPace)?
  private(set) var completionTimes: [Duration] = []

  private let socket: ChipUSBSocket
  private let opened: Duration
  /// Which of the device's times on the bus it was opened in.
  private var plugCount: Int?
  private var isClosed = false

  /// How long a device may take to come back after it has been reset, in nanoseconds.
  private static let returnTime: UInt64 = 5_000_000_000

  /// Opens the device that is there now.
  init(_ socket: ChipUSBSocket) {
    self.socket = socket
    opened = socket.clock.now
    plugCount = socket.plugCount
    let descriptors = socket.descriptors
    let text = { (number: UInt8) -> [UInt8]? in
      guard number != 0, case .complete(let bytes) = socket.control(.stringDescriptor(number), data: []) else {
        return nil
      }
      return bytes
    }
    identity = USBIdentity(
      vendorID: descriptors.vendorID, productID: descriptors.productID, deviceRelease: descriptors.deviceRelease,
      manufacturer: text(descriptors.manufacturerIndex).map(SimulatedProbe.text),
      product: text(descriptors.productIndex).map(SimulatedProbe.text),
      serial: text(descriptors.serialIndex).flatMap(USBSerial.init(descriptor:)), speed: socket.speed,
      location: USBLocation(bus: 0, address: 3))
  }

  var clock: any LinkClock { socket.clock }

  func perform(_ transfers: [Transfer], by deadline: Deadline) throws(LinkError) -> [[UInt8]] {
    defer { pace?.wait(until: socket.clock.now - opened) }
    guard !isClosed else { throw LinkError(.closed) }
    guard !socket.isDenied else { throw LinkError(.denied) }
    guard !socket.isClaimedElsewhere else { throw LinkError(.busy) }
    var results: [[UInt8]] = []
    completionTimes = []
    for (index, transfer) in transfers.enumerated() {
      results.append(try perform(transfer, at: index, of: transfers, by: deadline, after: results))
      completionTimes.append(socket.clock.now)
    }
    return results
  }

  private func perform(
    _ transfer: Transfer, at index: Int, of batch: [Transfer], by deadline: Deadline, after results: [[UInt8]]
  ) throws(LinkError) -> [UInt8] {
    var received: [UInt8] = []
    func failure(_ reason: LinkError.Reason) -> LinkError {
      LinkError(reason, at: index, of: batch, completed: results, partial: received)
    }
    guard isThere else { throw failure(.gone) }
    switch transfer {
    case .controlIn(let setup): return try control(setup, [], by: deadline, failure)
    case .controlOut(let setup, let bytes): return try control(setup, bytes, by: deadline, failure)
    case .bulkOut(let endpoint, let bytes):
      try move(endpoint, by: deadline, failure) { socket.send(bytes, to: endpoint) }
    case .bulkIn(let endpoint, let byteCount):
      try move(endpoint, by: deadline, failure) {
        socket.receive(atMost: byteCount, from: endpoint, into: &received)
      }
    }
    return received
  }

  private var isThere: Bool { socket.isPlugged && socket.plugCount == plugCount }

  private func control(
    _ setup: ControlSetup, _ bytes: [UInt8], by deadline: Deadline, _ failure: (LinkError.Reason) -> LinkError
  ) throws(LinkError) -> [UInt8] {
    let time = deadline.time.components
    let end = UInt64(clamping: time.seconds * 1_000_000_000 + time.attoseconds / 1_000_000_000)
    switch socket.control(setup, data: bytes, until: end) {
    case nil: throw failure(.timeout)
    case .stall?: throw failure(.stall)
    case .silence?: throw failure(isThere ? .other(code: -71, text: "the device does not answer") : .gone)
    case .complete(let received)?: return received
    }
  }

  /// Repeats a transfer until it has ended, or until the deadline.
  private func move(
    _ endpoint: Endpoint, by deadline: Deadline, _ failure: (LinkError.Reason) -> LinkError, _ body: () -> BulkAnswer
  ) throws(LinkError) {
    while true {
      switch body() {
      case .complete: return
      case .notReady where !socket.clock.hasPassed(deadline): socket.wait(for: endpoint)
      case .notReady:
        socket.withdraw(from: endpoint)
        throw failure(.timeout)
      case .stall: throw failure(.stall)
      case .overflow: throw failure(.overflow)
      case .silence: throw failure(isThere ? .other(code: -71, text: "the device does not answer") : .gone)
      }
    }
  }

  func clearStall(on endpoint: Endpoint) throws(LinkError) {
    let setup = ControlSetup(requestType: 0x02, request: 1, value: 0, index: UInt16(endpoint.rawValue), length: 0)
    _ = try perform([.controlOut(setup, [])], within: .seconds(1))
  }

  /// Resets the device; one that has gone is waited for, as a host does that finds it again at the same place.
  func reset() throws(LinkError) {
    defer { pace?.wait(until: socket.clock.now - opened) }
    guard !isClosed else { throw LinkError(.closed) }
    if isThere { socket.reset() }
    guard socket.awaitDevice(until: socket.virtualClock.nanoseconds + Self.returnTime) else { throw LinkError(.gone) }
    plugCount = socket.plugCount
  }

  func close() { isClosed = true }
}

extension Simulation {
  /// Plugs a host into the chip's own USB socket, and opens the device that its firmware is there.
  ///
  /// - Parameter patience: how long to wait for one, in simulated time; two seconds at least.
  /// - Returns: nil where none is, or the chip has no USB that is simulated.
  public func openChipUSB(within patience: Duration = .zero) -> (any USBDevice)? {
    guard let socket = chipUSB, socket.plugHostIn(for: max(patience, .seconds(2))) else { return nil }
    let device = SimulatedChipDevice(socket)
    if configuration.keepsRealTime { device.pace = RealTimePace() }
    return device
  }
}
