package import LinkInterface

/// The chip's own USB socket with a simulated host's cable in it: the device that the firmware makes of OTG FS.
package final class ChipUSBSocket: VirtualDevice {
  /// Why no device can be seen.
  package enum Absence: Sendable, Equatable {
    /// The firmware has not switched the transceiver on, or has disconnected itself (GCCFG.PWRDWN, DCTL.SDIS).
    case notSwitchedOn
    /// PA11 and PA12 are not given to OTG FS.
    case noPins
    /// The firmware senses the bus voltage at PA9, where the board has none.
    case noBusVoltage
    /// The clock for USB is not 48 MHz.
    case wrongClock(hertz: UInt64)
    /// The device does not answer as one has to.
    case noAnswers
    /// It has not been looked at for long enough.
    case notYet
  }

  private let chip: Chip
  private let host: ChipUSBHost
  /// The core inside the chip.
  var device: OnTheGoController { host.device }
  /// What carriers have under way, by endpoint; control transfers are complete when they return.
  private var transfers: [Endpoint: HostTransfer] = [:]
  /// Whether another program of the host has claimed the device.
  package var isClaimedElsewhere = false
  /// Whether the operating system lets the user not open the device.
  var isDenied = false

  /// How long a control transfer may take (USB 2.0, 9.2.6.1), in nanoseconds.
  private static let controlLimit: UInt64 = 5_000_000_000
  /// How long the device is waited for in one call where nothing moves, in nanoseconds.
  private static let patience: UInt64 = 1_000_000

  init?(_ chip: Chip) {
    guard let device = chip.onTheGo else { return nil }
    self.chip = chip
    host = ChipUSBHost(chip: chip, device: device)
  }

  /// What the device has said of itself; zeros while none has.
  package var descriptors: DeviceDescriptors { host.descriptors ?? .none }
  /// The speed of the chip's own transceiver.
  package var speed: USBSpeed { .full }
  /// The simulation's clock.
  package var clock: any LinkClock { chip.clock }
  var virtualClock: VirtualClock { chip.clock }

  /// Whether a device is there, and configured.
  package var isPlugged: Bool {
    chip.synchronise()
    return host.state == .ready
  }

  /// How often one has been.
  package var plugCount: Int? { host.enumerationCount }

  /// The host's next frame.
  package var nextAppointment: Duration? { host.nextTick.map { .nanoseconds(Int64(clamping: $0)) } }

  /// When the flash's operation ends.
  package var busyUntil: Duration? { chip.flash.busyUntil.map { .nanoseconds(Int64(clamping: $0)) } }

  /// Why no device is there; nil where one is.
  package var absence: Absence? {
    chip.synchronise()
    let device = host.device
    switch host.state {
    case .ready: return nil
    case .failed: return device.hasClock ? .noAnswers : .wrongClock(hertz: device.hertz)
    case .unplugged, .debouncing, .resetting, .recovering, .asking: return .notYet
    case .empty: return device.missing
    }
  }

  /// Plugs the cable in.
  package func plugHostIn() {
    chip.synchronise()
    host.plugIn()
  }

  /// Pulls the cable out.
  package func pullHostOut() {
    chip.synchronise()
    host.pullOut()
  }

  /// Puts the bus to sleep, or wakes it up.
  package func suspend(_ isSuspended: Bool) {
    chip.synchronise()
    host.suspend(isSuspended)
  }

  /// Lets time pass until a device is there, or is given up; false where none is in time.
  package func awaitDevice(until end: UInt64) -> Bool {
    drive(until: end) { [host] in host.state == .ready || host.state == .failed }
    return host.state == .ready
  }

  // MARK: Transfers

  /// Performs a control transfer; a device that is not ready for longer than USB allows has not answered.
  package func control(_ setup: ControlSetup, data: [UInt8]) -> ControlAnswer {
    control(setup, data: data, until: chip.clock.nanoseconds + Self.controlLimit) ?? .silence
  }

  /// Performs a control transfer by a time; nil where the device has not been ready for it until then.
  func control(_ setup: ControlSetup, data: [UInt8], until end: UInt64) -> ControlAnswer? {
    guard isPlugged else { return .silence }
    host.note(setup)
    let transfer = HostTransfer(setup, data)
    host.begin(transfer)
    drive(until: end) { transfer.end != nil }
    switch transfer.end {
    case .complete: return .complete(transfer.received)
    case .stall: return .stall
    case .overflow, .silence, .gone: return .silence
    case nil:
      host.cancel(transfer)
      return nil
    }
  }

  /// Offers a transfer to an OUT endpoint.
  package func send(_ data: [UInt8], to endpoint: Endpoint) -> BulkAnswer {
    move(endpoint) { HostTransfer(sending: data, to: endpoint) } ?? .silence
  }

  /// Asks an IN endpoint to go on with a transfer.
  package func receive(atMost byteCount: Int, from endpoint: Endpoint, into received: inout [UInt8]) -> BulkAnswer {
    guard let transfer = transfer(endpoint, { HostTransfer(receiving: byteCount, from: endpoint) }) else {
      return .silence
    }
    let answer = move(transfer)
    received = transfer.received
    return answer
  }

  private func move(_ endpoint: Endpoint, _ make: () -> HostTransfer) -> BulkAnswer? {
    transfer(endpoint, make).map(move)
  }

  /// The transfer that is under way at an endpoint, or a new one.
  private func transfer(_ endpoint: Endpoint, _ make: () -> HostTransfer) -> HostTransfer? {
    guard isPlugged, host.has(endpoint) else { return nil }
    if let known = transfers[endpoint] { return known }
    let transfer = make()
    transfers[endpoint] = transfer
    host.begin(transfer)
    return transfer
  }

  /// Goes on with a transfer for as long as something moves, and a little longer: the chip's time is ahead of its client's by that.
  private func move(_ transfer: HostTransfer) -> BulkAnswer {
    var moveCount = -1
    while transfer.end == nil, moveCount != transfer.moveCount {
      moveCount = transfer.moveCount
      drive(until: chip.clock.nanoseconds + Self.patience) { transfer.end != nil }
    }
    guard let end = transfer.end else { return .notReady }
    transfers[transfer.endpoint] = nil
    return switch end {
    case .complete: .complete
    case .stall: .stall
    case .overflow: .overflow
    case .silence, .gone: .silence
    }
  }

  /// Lets time pass for what is under way at an endpoint.
  func wait(for endpoint: Endpoint) {
    let transfer = transfers[endpoint]
    drive(until: chip.clock.nanoseconds + Self.patience) { transfer?.end != nil }
  }

  /// Takes back what has been offered to an endpoint.
  package func withdraw(from endpoint: Endpoint) {
    guard let transfer = transfers.removeValue(forKey: endpoint) else { return }
    host.cancel(transfer)
  }

  /// Resets the device, which has its address and its configuration again afterwards.
  package func reset() {
    chip.synchronise()
    host.reset()
    transfers = [:]
    drive(until: chip.clock.nanoseconds + Self.controlLimit) { [host] in host.isSettled }
  }

  /// What the host's port has asked by itself.
  package func takeHostExchanges() -> [HostExchange] { host.takeOwnExchanges() }

  /// Lets time pass until something has happened, or until a time.
  private func drive(until end: UInt64, _ hasHappened: () -> Bool) {
    while !hasHappened(), chip.clock.nanoseconds < end {
      let present = chip.clock.nanoseconds
      chip.clock.advance(to: min(end, max(present + 1, host.nextTick ?? end)))
      chip.synchronise()
    }
  }
}

extension OnTheGoController {
  /// What keeps the pull-up off.
  fileprivate var missing: ChipUSBSocket.Absence {
    let isOn =
      registers[Register.general] & 1 << 16 != 0
      && registers[Register.deviceControl] & DeviceControl.softDisconnect == 0
    if !isOn { return .notSwitchedOn }
    if !isConnected() { return .noPins }
    return hasSession ? .notYet : .noBusVoltage
  }
}

extension ChipUSBSocket {
  /// Plugs the cable in, and waits for what shows itself there.
  ///
  /// - Parameter patience: how long to wait, in simulated time.
  /// - Returns: whether a device has been enumerated.
  @discardableResult package func plugHostIn(for patience: Duration) -> Bool {
    plugHostIn()
    let time = (clock.now + patience).components
    return awaitDevice(until: UInt64(time.seconds) * 1_000_000_000 + UInt64(time.attoseconds / 1_000_000_000))
  }
}
