package import LinkInterface
package import SimProbe

/// How fast a simulation runs beside the programs that use it.
package enum ServingPace: Sendable {
  /// As fast as the simulation can; time goes on at least as fast as the client's, and faster while flash is busy.
  case fast
  /// No faster than hardware: no answer comes before a real probe could give it.
  case realTime
}

/// A device that carriers serve: the device itself, the pace of its time, and who holds it.
///
/// The programs outside live in real time and the device in its own. A program that waits 10 ms for the target expects
/// the target to have had 10 ms, so all the time that passes outside passes in the simulation too, as far as that is
/// faster than the chip. What a request takes in the simulation is waited for only at the pace of hardware.
package final class ServedDevice {
  /// The longest pause between two requests that is simulated.
  ///
  /// A firmware that runs costs computing time for every cycle; a client that comes back after lunch shall not have to
  /// wait for the simulation to catch up. It is long against what programs wait between two requests (10 to 500 ms).
  private static let longestPause: Duration = .seconds(1)

  /// How much of a flash operation passes at the most between two requests at full speed.
  ///
  /// A mass erase takes 16 s; a client that asks whether it is over shall not have to ask for so long. A core that runs
  /// meanwhile has to be simulated, which takes some milliseconds for this time.
  private static let longestHurry: Duration = .milliseconds(50)

  /// The device.
  package let device: any VirtualDevice
  /// What the device is called where a user sees it, such as the board's name.
  package let name: String
  /// What it is: "probe".
  package let kind: String

  /// The client that holds the device; nil when it is free.
  var owner: ObjectIdentifier? {
    didSet { if owner == nil { reclaim = nil } }
  }
  /// Frees the device if the client that holds it has long been silent; nil where its holder cannot be asked.
  var reclaim: (() -> Void)?

  /// Whether the device is on the bus; one that has reset itself comes back in its own time, which passes as the host's does.
  var isPlugged: Bool { device.isPlugged || request { $0.isPlugged } }

  /// Lets the device's time go on where something is going to happen to it, or where it may come back.
  func follow() {
    if !device.isPlugged || device.nextAppointment != nil || isWorking { request { _ = $0.isPlugged } }
  }

  /// Whether the device has to be looked at though nobody asks for anything.
  var isRestless: Bool {
    !device.isPlugged && device.plugCount != nil || device.nextAppointment != nil || isWorking
  }

  /// Whether its flash works while its client waits, at the pace of hardware: what that costs to simulate is done meanwhile,
  /// or it would come on top of the wait.
  private var isWorking: Bool { pace == .realTime && device.busyUntil != nil }

  /// Whether a client holds the device.
  package var isHeld: Bool { owner != nil }

  /// Whether a client cannot have the device, because another client or a program beside the simulation holds it.
  func isTaken(from client: ObjectIdentifier) -> Bool {
    device.isClaimedElsewhere || owner != nil && owner != client
  }

  private let pace: ServingPace
  private let hostClock: any LinkClock
  /// Counts the processor's time that this process has had.
  private let computing: any LinkClock
  private let startOnDevice: Duration
  /// How far the simulation has come by the host's clock.
  private let progress: Progress

  /// How far a simulation has come by the host's clock; devices of one simulation share it, or each would let the same time pass.
  private final class Progress {
    /// The beginning on the host's clock, later by all the time in which the simulation was slower than the chip.
    var startOnHost: Duration
    /// The host's time up to which the device has had all the time that its clients saw pass.
    ///
    /// What passes on the host during a request passes in the device with the next one, or a client on a busy machine, which
    /// waits half a second by its own clock, would find a target that had a tenth of it. Only where simulating costs more
    /// than half of the time that it simulates, it does not: the device would fall behind further with every request.
    var seenUntil: Duration

    init(from start: Duration) { (startOnHost, seenUntil) = (start, start) }
  }

  /// Makes one around a device.
  ///
  /// - Parameters:
  ///   - device: the device.
  ///   - name: what it is called where a user sees it.
  ///   - kind: what it is.
  ///   - other: a device of the same simulation that is served as well; nil for the first.
  ///   - pace: how fast its time runs.
  ///   - hostClock: the clock of the programs outside.
  ///   - computing: the processor's time that this process has had.
  package init(
    _ device: any VirtualDevice, name: String, kind: String = "probe", beside other: ServedDevice? = nil,
    pace: ServingPace = .fast,
    hostClock: any LinkClock = HostClock(),
    computing: any LinkClock = ComputingClock()
  ) {
    self.device = device
    self.name = name
    self.kind = kind
    self.pace = pace
    // Two clocks of the host would not have begun at the same moment.
    self.hostClock = other?.hostClock ?? hostClock
    self.computing = other?.computing ?? computing
    startOnDevice = other?.startOnDevice ?? device.clock.now
    progress = other?.progress ?? Progress(from: hostClock.now)
  }

  /// The serial number as programs show it; nil where the device has none.
  package var serial: USBSerial? {
    stringDescriptor(device.descriptors.serialIndex).flatMap(USBSerial.init(descriptor:))
  }

  /// The device's strings under the names that Linux gives them; those that the device lacks are left out.
  var strings: [String: String] {
    let indices = [
      "manufacturer": device.descriptors.manufacturerIndex, "product": device.descriptors.productIndex,
      "serial": device.descriptors.serialIndex,
    ]
    return indices.compactMapValues { index in
      stringDescriptor(index).map { descriptor in
        let units = stride(from: 2, to: descriptor.count & ~1, by: 2).map {
          UInt16(descriptor[$0]) | UInt16(descriptor[$0 + 1]) << 8
        }
        return String(decoding: units, as: UTF16.self)
      }
    }
  }

  private func stringDescriptor(_ index: UInt8) -> [UInt8]? {
    guard index != 0, case .complete(let descriptor) = device.control(.stringDescriptor(index), data: []) else {
      return nil
    }
    return descriptor
  }

  /// Lets a client's request happen at its time.
  func request<Value>(_ body: (any VirtualDevice) -> Value) -> Value {
    let (begin, computed, present) = (hostClock.now, computing.now, device.clock.now)
    switch pace {
    case .fast: device.clock.wait(for: max(min(begin - progress.seenUntil, ServedDevice.longestPause), hurry))
    case .realTime: device.clock.wait(for: min(begin - progress.startOnHost - elapsed, ServedDevice.longestPause))
    }
    let waited = device.clock.now
    let value = body(device)
    if pace == .realTime, elapsed > hostClock.now - progress.startOnHost {
      hostClock.wait(for: elapsed - (hostClock.now - progress.startOnHost))
    }
    let isSlow = (computing.now - computed) * 2 > device.clock.now - present
    let late = isSlow ? .zero : max(.zero, (hostClock.now - begin) - (device.clock.now - waited))
    progress.seenUntil = hostClock.now - late
    // What is not caught up with is forgiven.
    if pace == .realTime { progress.startOnHost = max(progress.startOnHost, progress.seenUntil - elapsed) }
    return value
  }

  /// What may be skipped of the time in which the flash is busy.
  private var hurry: Duration {
    guard let end = device.busyUntil else { return .zero }
    return min(end - device.clock.now, ServedDevice.longestHurry)
  }

  /// The device's time since the beginning.
  private var elapsed: Duration { device.clock.now - startOnDevice }
}
