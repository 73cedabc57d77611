package import LinkInterface

/// A device around another one, which it shows as it is but for what it says itself.
package protocol VirtualDeviceLayer: VirtualDevice {
  /// The device inside.
  var device: any VirtualDevice { get }
}

extension VirtualDeviceLayer {
  /// The descriptors of the device inside.
  package var descriptors: DeviceDescriptors { device.descriptors }
  /// The speed at which the device inside runs.
  package var speed: USBSpeed { device.speed }
  /// The clock of the simulation.
  package var clock: any LinkClock { device.clock }
  /// Whether the device inside is on the bus.
  package var isPlugged: Bool { device.isPlugged }
  /// How often the device inside has been plugged in.
  package var plugCount: Int? { device.plugCount }
  /// How often the device inside has shown itself.
  package var appearanceCount: Int { device.appearanceCount }
  /// When something is going to happen to the device inside.
  package var nextAppointment: Duration? { device.nextAppointment }
  /// Whether another program of the host has claimed the device inside.
  package var isClaimedElsewhere: Bool { device.isClaimedElsewhere }
  /// When the operation of the target's flash ends.
  package var busyUntil: Duration? { device.busyUntil }

  /// Hands a control transfer on.
  package func control(_ setup: ControlSetup, data: [UInt8]) -> ControlAnswer {
    device.control(setup, data: data)
  }

  /// Hands a bulk transfer to an OUT endpoint on.
  package func send(_ data: [UInt8], to endpoint: Endpoint) -> BulkAnswer {
    device.send(data, to: endpoint)
  }

  /// Hands a bulk transfer from an IN endpoint on.
  package func receive(atMost byteCount: Int, from endpoint: Endpoint, into received: inout [UInt8]) -> BulkAnswer {
    device.receive(atMost: byteCount, from: endpoint, into: &received)
  }

  /// Resets the device inside as a hub's port reset does.
  package func reset() { device.reset() }

  /// Takes back what the device inside has been offered.
  package func withdraw(from endpoint: Endpoint) { device.withdraw(from: endpoint) }

  /// What the host's port has asked the device inside.
  package func takeHostExchanges() -> [HostExchange] { device.takeHostExchanges() }
}
