package import LinkInterface

/// A real USB device: open, with the interface claimed that its driver talks to.
///
/// `USBProbeLister.open(matching:)` makes one. Everything happens on the calling thread; a batch is queued as a whole
/// and has one deadline. After a failed batch the device can be used again: an answer that nobody collected is read and
/// dropped before the next batch.
package final class ClaimedUSBDevice: USBDevice {
  /// What the device said of itself when it was opened; its address changes when a reset makes it come back anew.
  package private(set) var identity: USBIdentity
  /// Real time.
  package let clock: any LinkClock

  /// How many transfers the operating system has never given back after they had been cancelled.
  ///
  /// Their memory is left to it for good. While there is one on the open device, only `reset()` is possible.
  package private(set) var abandonedTransferCount = 0

  /// When the transfers of the last batch came back.
  package private(set) var completionTimes: [Duration] = []

  private enum Link {
    case open(DeviceConnection)
    case lost(LinkError.Reason)
    case closed
  }

  private let library: any USBLibrary
  private var link: Link
  /// Whether transfers of this very connection have been abandoned.
  private var isWedged = false
  /// The IN endpoints on which an answer to an earlier command may be waiting.
  private var staleInputs: Set<Endpoint>
  /// What of the device is claimed.
  private let function: USBFunction

  /// How long an endpoint must stay silent to count as empty: what waits in the device comes within one frame of 1 ms.
  static let quietTime: Duration = .milliseconds(20)
  /// The size of one read of stale data: whole packets at any speed, so that none of them can overflow it.
  static let drainByteCount = 4_096
  /// How many reads may bring data before the device is taken to be sending without end.
  static let maximumDrainReads = 64
  /// How long a device may take to come back after a reset that made it enumerate again.
  static let returnTime: Duration = .seconds(5)
  /// How long after an input/output error a hub may take to report that the device is unplugged.
  static let departureTime: Duration = .milliseconds(300)

  /// Opens a device and claims the interface of a function.
  init(
    opening device: LibUSBDevice, for function: USBFunction, with library: any USBLibrary, clock: any LinkClock
  ) throws(DeviceConnection.StepFailure) {
    let connection = try DeviceConnection(opening: device, for: function, with: library)
    try connection.claim()
    self.library = library
    self.clock = clock
    self.function = function
    staleInputs = Set(function.answers)
    link = .open(connection)
    let runner = BatchRunner(library: library, handle: connection.handle, clock: clock)
    identity = device.identity(with: DeviceStrings(of: device, through: runner))
  }

  // MARK: USBDevice

  /// Performs a batch; see `USBDevice.perform(_:by:)`.
  package func perform(_ transfers: [Transfer], by deadline: Deadline) throws(LinkError) -> [[UInt8]] {
    let runner = try usableRunner()
    guard !transfers.isEmpty else { return [] }
    try drain(with: runner, by: deadline)
    do {
      return try run(transfers, with: runner, by: deadline)
    } catch {
      staleInputs.formUnion(ClaimedUSBDevice.inputsLeftStale(by: transfers))
      throw error
    }
  }

  /// Clears a stalled endpoint.
  package func clearStall(on endpoint: Endpoint) throws(LinkError) {
    let runner = try usableRunner()
    do {
      try library.clearHalt(endpoint, on: runner.handle)
    } catch {
      throw LinkError(error.reason)
    }
  }

  /// Resets the device, and finds and claims it again where it comes back as a new one at the same place.
  package func reset() throws(LinkError) {
    switch link {
    case .closed:
      throw LinkError(.closed)
    case .lost:
      try reopen()
    case .open(let connection):
      do {
        try library.reset(connection.handle)
      } catch {
        guard error == .notFound || error == .noDevice || isWedged else { throw LinkError(error.reason) }
        return try reopen()
      }
      if isWedged { try reopen() }
      staleInputs = Set(function.answers)
    }
  }

  /// Releases the interface and closes the device.
  package func close() {
    disconnect(.closed)
  }

  // MARK: Transfers

  private func usableRunner() throws(LinkError) -> BatchRunner {
    switch link {
    case .closed:
      throw LinkError(.closed)
    case .lost(let reason):
      throw LinkError(reason)
    case .open(let connection):
      guard !isWedged else {
        let text = "the operating system has not given back a cancelled transfer; the probe needs a reset"
        throw LinkError(.other(code: USBCallError.busy.rawValue, text: text))
      }
      return BatchRunner(library: library, handle: connection.handle, clock: clock)
    }
  }

  private func run(
    _ batch: [Transfer], with runner: BatchRunner, by deadline: Deadline
  ) throws(LinkError) -> [[UInt8]] {
    let outcome = runner.run(batch, by: deadline)
    completionTimes = outcome.completionTimes
    if outcome.abandonedCount > 0 {
      abandonedTransferCount += outcome.abandonedCount
      isWedged = true
    }
    do {
      return try outcome.result.get()
    } catch {
      throw hasDeparted(after: error) ? error.replacingReason(with: .gone) : error
    }
  }

  /// Whether an input/output error was the first sign of an unplugged cable.
  ///
  /// Transfers fail as soon as the device stops answering; the hub reports the empty port up to a quarter of a second
  /// later (USB 2.0, section 11.12.3: status change pipe).
  private func hasDeparted(after error: LinkError) -> Bool {
    guard error.reason == USBCallError.io.reason else { return false }
    let end = clock.deadline(after: ClaimedUSBDevice.departureTime)
    while true {
      // Without a list nothing is known; the error stands as it is.
      guard let devices = try? library.devices() else { return false }
      if !devices.contains(where: { $0.location == identity.location }) { return true }
      if clock.hasPassed(end) { return false }
      clock.wait(for: .milliseconds(50))
    }
  }

  // MARK: Stale answers

  /// The endpoints on which an answer may still come after a failed batch: those that were to answer a command.
  private static func inputsLeftStale(by batch: [Transfer]) -> [Endpoint] {
    let hasCommand = batch.contains { transfer in
      if case .bulkOut = transfer { true } else { false }
    }
    guard hasCommand else { return [] }
    return batch.compactMap { transfer in
      if case .bulkIn(let endpoint, _) = transfer { endpoint } else { nil }
    }
  }

  /// Reads and drops what waits on the stale endpoints, until each has been silent for `quietTime`.
  private func drain(with runner: BatchRunner, by deadline: Deadline) throws(LinkError) {
    for endpoint in staleInputs.sorted(by: { $0.rawValue < $1.rawValue }) {
      guard try isEmptied(endpoint, with: runner, by: deadline) else { continue }
      staleInputs.remove(endpoint)
    }
  }

  /// Empties one endpoint; false when a stall or the deadline is in the way, which the batch will meet and report.
  private func isEmptied(
    _ endpoint: Endpoint, with runner: BatchRunner, by deadline: Deadline
  ) throws(LinkError) -> Bool {
    let read = [Transfer.bulkIn(endpoint, byteCount: ClaimedUSBDevice.drainByteCount)]
    for _ in 0..<ClaimedUSBDevice.maximumDrainReads {
      let quiet = clock.deadline(after: ClaimedUSBDevice.quietTime)
      let end = min(quiet.time, deadline.time)
      do {
        _ = try run(read, with: runner, by: Deadline(time: end))
      } catch {
        switch error.reason {
        case .timeout:
          // Silence counts only when it has lasted; the deadline may have cut it short.
          if error.partial.isEmpty { return end == quiet.time }
        case .stall:
          return false
        default:
          throw LinkError(error.reason)
        }
      }
    }
    let text = "the probe does not stop sending data that nobody has asked for"
    throw LinkError(.other(code: USBCallError.overflow.rawValue, text: text))
  }

  // MARK: Connection

  private func disconnect(_ next: Link) {
    if case .open(let connection) = link { connection.close() }
    link = next
    isWedged = false
  }

  /// Closes what is left of the connection and opens the device that shows up at the same place.
  private func reopen() throws(LinkError) {
    disconnect(.lost(.gone))
    let end = clock.deadline(after: ClaimedUSBDevice.returnTime)
    while true {
      do {
        if try reconnect() { return }
        link = .lost(.gone)
      } catch {
        // The device file may come before its permissions, and the old device may go after the new one has come.
        link = .lost(error.error.reason)
      }
      if clock.hasPassed(end) { break }
      clock.wait(for: .milliseconds(100))
    }
    if case .lost(let reason) = link { throw LinkError(reason) }
  }

  /// Opens and claims the device at this one's place; false when there is none.
  private func reconnect() throws(DeviceConnection.StepFailure) -> Bool {
    let devices: [LibUSBDevice]
    do {
      devices = try library.devices()
    } catch {
      throw DeviceConnection.StepFailure(call: "libusb_get_device_list", error: error)
    }
    guard let device = devices.first(where: { $0.isSame(as: identity) }) else { return false }
    let connection = try DeviceConnection(opening: device, for: function, with: library)
    try connection.claim()
    link = .open(connection)
    staleInputs = Set(function.answers)
    identity.location = device.location
    return true
  }
}

extension LibUSBDevice {
  /// The identity of this device with what its strings say.
  func identity(with strings: DeviceStrings?) -> USBIdentity {
    USBIdentity(
      vendorID: vendorID, productID: productID, deviceRelease: release, manufacturer: strings?.manufacturer,
      product: strings?.product, serial: strings?.serial, speed: speed, location: location)
  }

  /// Whether this is the device of an earlier identity, perhaps at a new address: the same kind at the same port.
  fileprivate func isSame(as identity: USBIdentity) -> Bool {
    vendorID == identity.vendorID && productID == identity.productID && location.bus == identity.location.bus
      && location.ports == identity.location.ports
  }
}

extension LinkError {
  /// The same failure with its cause better known.
  fileprivate func replacingReason(with reason: Reason) -> LinkError {
    var error = self
    error.reason = reason
    return error
  }
}
