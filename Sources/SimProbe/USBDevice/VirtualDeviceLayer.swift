public import LinkInterface

/// A device around another one, which it shows as it is but for what it says itself.
public protocol VirtualDeviceLayer: VirtualDevice {
  /// The device inside.
  var device: any VirtualDevice { get }
}

extension VirtualDeviceLayer {
  /// The descriptors of the device inside.
  public var descriptors: DeviceDescriptors { device.descriptors }
  /// The speed at which the device inside runs.
  public var speed: USBSpeed { device.speed }
  /// The clock of the simulation.
  public var clock: any LinkClock { device.clock }
  /// Whether the device inside is on the bus.
  public var isPlugged: Bool { device.isPlugged }
  /// Whether another program of the host has claimed the device inside.
  public var isClaimedElsewhere: Bool { device.isClaimedElsewhere }
  /// When the operation of the target's flash ends.
  public var busyUntil: Duration? { device.busyUntil }

  /// Hands a control transfer on.
  public func control(_ setup: ControlSetup, data: [UInt8]) -> ControlAnswer {
    device.control(setup, data: data)
  }

  /// Hands a bulk transfer to an OUT endpoint on.
  public func send(_ data: [UInt8], to endpoint: Endpoint) -> BulkAnswer {
    device.send(data, to: endpoint)
  }

  /// Hands a bulk transfer from an IN endpoint on.
  public func receive(atMost byteCount: Int, from endpoint: Endpoint, into received: inout [UInt8]) -> BulkAnswer {
    device.receive(atMost: byteCount, from: endpoint, into: &received)
  }

  /// Resets the device inside as a hub's port reset does.
  public func reset() { device.reset() }
}
