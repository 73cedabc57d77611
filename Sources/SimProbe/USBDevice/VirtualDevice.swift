package import LinkInterface

/// A simulated USB device as the carriers see it: what a host controller could ask of it, and nothing of what it is.
///
/// A carrier brings the requests of other programs here. Nothing waits in here: an endpoint that has nothing to say
/// answers `notReady`, and the carrier asks again when something has changed. What a program leaves behind when it
/// dies (a command without its data, a reply that nobody read) stays in the device, as it does in a real probe: an
/// operating system that closes a device file sends nothing to the device.
package protocol VirtualDevice: AnyObject {
  /// The descriptors that a host reads when the device is plugged in.
  var descriptors: DeviceDescriptors { get }

  /// The speed at which the device runs.
  var speed: USBSpeed { get }

  /// The clock of the simulation.
  var clock: any LinkClock { get }

  /// Whether the device is on the bus; false once it has been unplugged.
  var isPlugged: Bool { get }

  /// How often the device has been plugged in: what was opened before the last time stays gone, and a host gives it a new
  /// address; nil for a device that keeps its place on the bus whatever happens to it.
  var plugCount: Int? { get }

  /// How often the device has shown itself at its place, where it resets itself: what was opened before does not reach it any
  /// more; 0 for one that does not.
  var appearanceCount: Int { get }

  /// When, on the device's clock, something is going to happen to it or its target without anybody's doing; nil for nothing.
  var nextAppointment: Duration? { get }

  /// Whether another program of the host has claimed the device, so that nobody else gets it.
  var isClaimedElsewhere: Bool { get }

  /// When, on the device's clock, the operation ends that the target's flash is busy with; nil when it is not.
  ///
  /// No real device tells this; whoever drives the clock may hurry up to it.
  var busyUntil: Duration? { get }

  /// Performs a control transfer on endpoint 0, with the data that go out in `data`.
  func control(_ setup: ControlSetup, data: [UInt8]) -> ControlAnswer

  /// Offers a bulk transfer to an OUT endpoint.
  func send(_ data: [UInt8], to endpoint: Endpoint) -> BulkAnswer

  /// Asks an IN endpoint to go on with a bulk transfer.
  ///
  /// - Parameters:
  ///   - byteCount: the size of the whole transfer.
  ///   - endpoint: where the data come from.
  ///   - received: what the transfer has collected so far; grows.
  func receive(atMost byteCount: Int, from endpoint: Endpoint, into received: inout [UInt8]) -> BulkAnswer

  /// Resets the device as a hub's port reset does.
  func reset()

  /// Takes back what has been offered to an endpoint and is not complete.
  func withdraw(from endpoint: Endpoint)

  /// What the simulated host's own port has asked the device since the last call, to know what it is; nothing where the device
  /// comes with its descriptors.
  func takeHostExchanges() -> [HostExchange]
}

extension VirtualDevice {
  /// It keeps its place.
  package var plugCount: Int? { nil }
  /// It does not reset itself.
  package var appearanceCount: Int { 0 }
  /// Nothing happens by itself.
  package var nextAppointment: Duration? { nil }
  /// Nothing of it is kept.
  package func withdraw(from endpoint: Endpoint) {}
  /// None.
  package func takeHostExchanges() -> [HostExchange] { [] }
}

/// A control request that a simulated host has made by itself, and how it ended.
package struct HostExchange: Sendable {
  /// The request.
  package let setup: ControlSetup
  /// How it ended.
  package let answer: ControlAnswer
  /// When it began, and when it ended, on the simulation's clock.
  package let begin: Duration
  package let end: Duration
}

/// How a device answers a bulk transfer.
package enum BulkAnswer: Sendable, Equatable {
  /// The transfer is complete; an IN transfer may have been ended by a short packet.
  case complete
  /// Not yet (NAK).
  case notReady
  /// The endpoint is halted (STALL).
  case stall
  /// The device sent more than was asked for.
  case overflow
  /// The device has no such endpoint, or is not there any more: nobody answers.
  case silence
}

/// How a device answers a control transfer.
package enum ControlAnswer: Sendable, Equatable {
  /// The transfer is complete, with what came in.
  case complete([UInt8])
  /// The request is not one that the device knows (STALL).
  case stall
  /// The device is not there any more.
  case silence
}
