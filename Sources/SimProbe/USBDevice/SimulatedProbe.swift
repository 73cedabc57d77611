package import LinkInterface

/// A simulated probe in this process: batches, deadlines and errors as a USB stack would give them, in virtual time.
///
/// The device behind it outlives it: closing keeps the firmware's mode, clock and NRST level, as on a real probe.
package final class SimulatedProbe: USBDevice {
  /// What the device says of itself.
  package let identity: USBIdentity

  /// What each batch waits for at its end, by the simulation's time since the probe was opened; nil lets the simulation
  /// run as fast as it can.
  ///
  /// Use `RealTimePace` for the speed of hardware.
  var pace: (any SimulationPace)?

  /// When the transfers of the last batch ended.
  package private(set) var completionTimes: [Duration] = []

  private let device: SimulatedUSBDevice
  private var opened: Duration
  /// Which of the device's times on the bus the probe was opened in; what was opened before it was unplugged stays gone.
  private let plugCount: Int
  private var isClosed = false

  /// Opens a device, again after another was closed too.
  package init(device: SimulatedUSBDevice) {
    self.device = device
    opened = device.clock.now
    plugCount = device.plugCount
    let descriptors = device.descriptors
    identity = USBIdentity(
      vendorID: 0x0483, productID: device.profile.product.productID,
      manufacturer: descriptors.string(1).map(SimulatedProbe.text),
      product: descriptors.string(2).map(SimulatedProbe.text),
      serial: descriptors.string(3).flatMap(USBSerial.init(descriptor:)), speed: device.speed,
      location: USBLocation(bus: 0, address: 1))
  }

  /// Counts the pace's time from now on.
  func beginPace() { opened = device.clock.now }

  /// The simulation's clock.
  package var clock: any LinkClock { device.clock }

  /// Performs a batch; see `USBDevice`.
  package func perform(_ transfers: [Transfer], by deadline: Deadline) throws(LinkError) -> [[UInt8]] {
    defer { pace?.wait(until: device.clock.now - opened) }
    guard !isClosed else { throw LinkError(.closed) }
    guard !device.isDenied else { throw LinkError(.denied) }
    guard !device.isClaimedElsewhere else { throw LinkError(.busy) }
    guard device.plugCount == plugCount else { throw LinkError(.gone) }
    var batch = SimulatedBatch(transfers, deadline: deadline, device: device)
    defer { completionTimes = batch.completionTimes }
    return try batch.run()
  }

  /// Clears a stalled endpoint.
  package func clearStall(on endpoint: Endpoint) throws(LinkError) {
    let setup = ControlSetup(
      requestType: 0x02, request: 0x01, value: 0, index: UInt16(endpoint.rawValue), length: 0)
    _ = try perform([.controlOut(setup, [])], within: .seconds(1))
  }

  /// Resets the device.
  package func reset() throws(LinkError) {
    defer { pace?.wait(until: device.clock.now - opened) }
    guard !isClosed else { throw LinkError(.closed) }
    guard device.isPlugged, device.plugCount == plugCount else { throw LinkError(.gone) }
    device.clock.advance(by: USBTiming.reset)
    device.reset()
  }

  /// Gives the device back.
  package func close() {
    isClosed = true
  }

  /// The text of a string descriptor.
  static func text(_ descriptor: [UInt8]) -> String {
    let units = stride(from: 2, to: descriptor.count - 1, by: 2).map {
      UInt16(descriptor[$0]) | UInt16(descriptor[$0 + 1]) << 8
    }
    return String(decoding: units, as: UTF16.self)
  }
}
