package import LinkInterface

/// The USB plug of a simulated probe, for carriers that bring the requests of other programs.
///
/// It is beside `Simulation.probe`, which is for this program; only one of the two is used at a time.
package final class SimulatedUSBPort: VirtualDevice {
  /// The descriptors.
  package let descriptors: DeviceDescriptors
  private let simulated: SimulatedUSBDevice
  private let chip: Chip

  init(_ device: SimulatedUSBDevice, chip: Chip) {
    simulated = device
    self.chip = chip
    descriptors = DeviceDescriptors(device.descriptors)
  }

  /// The speed at which the device runs.
  package var speed: USBSpeed { simulated.speed }

  /// The simulation's clock.
  package var clock: any LinkClock { simulated.clock }

  /// Whether the device is on the bus.
  package var isPlugged: Bool {
    chip.synchronise()
    return simulated.isPlugged
  }

  /// How often the probe has been plugged in.
  package var plugCount: Int? { simulated.plugCount }

  /// When something is going to happen on the bench: a fault, or its end.
  package var nextAppointment: Duration? {
    chip.nextAppointment.map { .nanoseconds(Int64(clamping: $0)) }
  }

  /// Whether another program has claimed the device.
  package var isClaimedElsewhere: Bool { simulated.isClaimedElsewhere }

  /// When the flash's operation ends.
  package var busyUntil: Duration? {
    chip.flash.busyUntil.map { .nanoseconds(Int64(clamping: $0)) }
  }

  /// Performs a control transfer.
  package func control(_ setup: ControlSetup, data: [UInt8]) -> ControlAnswer {
    guard simulated.isPlugged else { return .silence }
    spendTransferTime()
    if setup.requestType & 0x80 != 0 { return simulated.controlIn(setup).map { .complete($0) } ?? .stall }
    return simulated.controlOut(setup, data) ? .complete([]) : .stall
  }

  /// Offers a bulk transfer to an OUT endpoint.
  package func send(_ data: [UInt8], to endpoint: Endpoint) -> BulkAnswer {
    guard simulated.isPlugged else { return .silence }
    spendTransferTime()
    return switch simulated.bulkOut(endpoint.rawValue, data) {
    case .taken: .complete
    case .notReady: .notReady
    case .stalled: .stall
    case .noEndpoint: .silence
    }
  }

  /// Asks an IN endpoint to go on with a bulk transfer.
  package func receive(atMost byteCount: Int, from endpoint: Endpoint, into received: inout [UInt8]) -> BulkAnswer {
    guard simulated.isPlugged else { return .silence }
    switch simulated.bulkIn(endpoint.rawValue, byteCount: byteCount, into: &received) {
    case .complete:
      spendTransferTime()
      return .complete
    case .notReady: return .notReady
    case .overflow: return .overflow
    case .stalled: return .stall
    case .noEndpoint: return .silence
    }
  }

  /// Resets the device as a hub's port reset does.
  package func reset() {
    simulated.clock.advance(by: USBTiming.reset)
    simulated.reset()
  }

  private func spendTransferTime() {
    simulated.clock.advance(by: simulated.transferTime)
  }
}

extension Simulation {
  /// The probe's USB plug, for programs outside of this one; its COM port is wired to the chip as the board has it, where
  /// nothing else is connected there.
  ///
  /// - Parameter hidesDisk: whether the drag-and-drop disk is left out: nobody answers there, and a kernel would bind its driver
  ///   to it and reset the device again and again.
  package func makeUSBPort(hidesDisk: Bool = false) -> SimulatedUSBPort {
    if hidesDisk { device.hideDisk() }
    if let place = comPort, !board.cables.contains(where: { $0.place == place }) {
      device.serialPorts.first?.cable = connectSerialCable(to: place)
    }
    return SimulatedUSBPort(device, chip: board.chip)
  }
}
