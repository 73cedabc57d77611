public import LinkInterface

/// The board's own USB socket, that of the chip's PA11 and PA12, with a host at the other end.
///
/// What the host sees there is what the chip does: a ROM bootloader with USB shows itself as a DFU device.
package final class BoardUSBSocket: VirtualDevice {
  /// The descriptors of what is, or was, there.
  package var descriptors: DeviceDescriptors { DeviceDescriptors(DFUDescriptors(chip)) }
  /// A transfer begins; it is counted already.
  let transferBegins = Signal<Void>()
  /// How many transfers there have been.
  private(set) var transferCount = 0

  private let chip: Chip
  /// How long the chip is left alone at the most while somebody waits for it, in nanoseconds.
  private static let lookPeriod: UInt64 = 1_000_000

  init(_ chip: Chip) {
    self.chip = chip
  }

  private var function: DFUFunction { chip.bootloader.dfu }

  /// The speed of the chip's own transceiver.
  package var speed: USBSpeed { .full }
  /// The simulation's clock.
  package var clock: any LinkClock { chip.clock }

  /// Whether a device shows itself now.
  package var isPlugged: Bool {
    chip.synchronise()
    return function.isConnected
  }

  /// How often a device has shown itself.
  package var appearanceCount: Int { function.connectionCount }

  /// Whether another program of the host has claimed the device.
  package var isClaimedElsewhere = false
  /// Whether the operating system lets the user not open the device.
  var isDenied = false

  /// When the flash's operation ends, or when the device goes on with what it has been told.
  package var busyUntil: Duration? {
    (chip.flash.busyUntil ?? (function.isBusy ? chip.nextAppointment : nil)).map { .nanoseconds(Int64(clamping: $0)) }
  }

  /// Plugs the cable of a host in.
  func plugHostIn() {
    chip.synchronise()
    function.hasHost = true
  }

  /// Pulls the cable out.
  package func pullHostOut() {
    chip.synchronise()
    function.hasHost = false
  }

  // MARK: Transfers

  /// Performs a control transfer; a device that works takes it when it has finished.
  package func control(_ setup: ControlSetup, data: [UInt8]) -> ControlAnswer {
    control(setup, data: data, until: nil) ?? .silence
  }

  /// Performs a control transfer by a time; nil where the device has taken none until then.
  func control(_ setup: ControlSetup, data: [UInt8], until end: UInt64?) -> ControlAnswer? {
    guard isPlugged else { return .silence }
    transferCount += 1
    transferBegins.send()
    if function.quirks.hangs {
      if let end { chip.clock.advance(to: end) }
      return end == nil ? .silence : nil
    }
    let asksForStatus = setup.requestType == 0xA1 && setup.request == 3
    if function.isBusy, function.quirks.stallsWhileBusy, asksForStatus {
      chip.clock.advance(by: USBTiming.transfer(.full))
      return .stall
    }
    while function.isBusy {
      guard let next = chip.nextAppointment else { return .silence }
      if let end, next >= end {
        chip.clock.advance(to: end)
        return nil
      }
      chip.clock.advance(to: next)
      chip.synchronise()
    }
    guard function.isConnected else { return .silence }
    let answer = answer(setup, data)
    let count = if case .complete(let bytes) = answer { bytes.count + data.count } else { 0 }
    let packets = UInt64(max(1, (count + 63) / 64))
    chip.clock.advance(by: USBTiming.transfer(.full) + (packets - 1) * USBTiming.fullSpeedPacket)
    chip.synchronise()
    return answer
  }

  private func answer(_ setup: ControlSetup, _ data: [UInt8]) -> ControlAnswer {
    let reply: [UInt8]? =
      switch (setup.requestType, setup.request) {
      case (0xA1, 2): function.upload(block: setup.value, byteCount: Int(setup.length))
      case (0xA1, 3): function.takeStatus()
      case (0xA1, 5): [function.state.rawValue]
      case (0x21, 1): function.download(block: setup.value, data) ? [] : nil
      case (0x21, 4): function.clearStatus() ? [] : nil
      case (0x21, 6): function.abort() ? [] : nil
      case (0xA1, _), (0x21, _): function.stall() ? [] : nil
      case (0x01, 11): function.select(alternate: setup.value) ? [] : nil
      case (0x81, 10): [function.alternate]
      case (0x80, 6): descriptor(setup)
      case (0x80, 0), (0x81, 0): [0, 0]
      case (0x80, 8): [1]
      case (0x00, 9): setup.value <= 1 ? [] : nil
      default: nil
      }
    return reply.map { .complete(Array($0.prefix(Int(setup.length)))) } ?? .stall
  }

  private func descriptor(_ setup: ControlSetup) -> [UInt8]? {
    switch setup.value >> 8 {
    case 1: descriptors.device
    case 2: setup.value & 0xFF == 0 ? descriptors.configuration : nil
    case 3: DFUDescriptors(chip).string(UInt8(truncatingIfNeeded: setup.value))
    default: nil
    }
  }

  /// It has no endpoint beside that for control.
  package func send(_ data: [UInt8], to endpoint: Endpoint) -> BulkAnswer { .silence }

  /// It has no endpoint beside that for control.
  package func receive(
    atMost byteCount: Int, from endpoint: Endpoint, into received: inout [UInt8]
  ) -> BulkAnswer { .silence }

  /// Resets the device as a hub's port reset does.
  package func reset() {
    guard isPlugged else { return }
    chip.clock.advance(by: USBTiming.reset)
    chip.synchronise()
    function.beginSession()
  }

  /// Lets time pass until a device shows itself; false where none does in time.
  func awaitDevice(until end: UInt64) -> Bool {
    while !isPlugged {
      guard chip.clock.nanoseconds < end else { return false }
      // A chip that is held in reset has no appointment.
      let step = chip.clock.nanoseconds + Self.lookPeriod
      chip.clock.advance(to: min(end, step, max(chip.nextAppointment ?? step, chip.clock.nanoseconds + 1)))
    }
    return true
  }
}

extension Simulation {
  /// Plugs a host into the board's own USB socket, for programs outside of this one.
  ///
  /// - Returns: nil where no device shows itself within the time that a bootloader takes to come up.
  package func makeUSBSocket(within patience: Duration = .zero) -> BoardUSBSocket? {
    usbSocket.plugHostIn()
    let end = clock.now + max(patience, .seconds(1))
    return usbSocket.awaitDevice(until: UInt64(end.components.seconds) * 1_000_000_000) ? usbSocket : nil
  }

  /// Plugs a host into the board's own USB socket, and opens the device that shows itself there.
  ///
  /// - Parameter patience: how long to wait for one, in whole seconds; at least what a bootloader takes to come up.
  /// - Returns: nil where none does.
  public func openBoardUSB(within patience: Duration = .zero) -> (any USBDevice)? {
    guard let socket = makeUSBSocket(within: patience) else { return nil }
    let device = SimulatedDFUDevice(socket, clock: clock)
    if configuration.keepsRealTime { device.pace = RealTimePace() }
    return device
  }
}
