import LinkInterface

/// A host at the other end of the chip's own USB cable: a root port that resets and enumerates what it finds, in virtual time,
/// and carries transfers packet by packet.
///
/// It does what Linux does with a device that is plugged in, and counts in frames of 1 ms.
final class ChipUSBHost {
  /// What the port sees, and what it is at.
  enum State: Equatable {
    /// No cable.
    case unplugged
    /// No pull-up.
    case empty
    /// Steps of the enumeration, each until a time.
    case debouncing(until: UInt64)
    case resetting(until: UInt64, Step)
    case recovering(until: UInt64, Step)
    /// A request of its own is under way.
    case asking(Step)
    /// Configured.
    case ready
    /// Given up until the device is plugged in anew.
    case failed
  }

  /// The requests by which Linux enumerates (drivers/usb/core/hub.c, hub_port_init; config.c).
  enum Step: Int, Equatable {
    case firstDescriptor, address, deviceDescriptor, configurationHead, configuration, setConfiguration
  }

  unowned let chip: Chip
  let device: OnTheGoController
  private(set) var state = State.unplugged
  /// How often a device has been enumerated.
  private(set) var enumerationCount = 0
  /// What the last enumeration has read.
  private(set) var descriptors: DeviceDescriptors?
  /// What the host has asked by itself and nobody has fetched yet.
  private var exchanges: [HostExchange] = []

  private var address: UInt32 = 0
  private var controlPacketSize = 64
  private var toggles: [Endpoint: Bool] = [:]
  private var endpoints: [Endpoint: (packetSize: Int, interval: UInt64?)] = [:]
  private var transfers: [HostTransfer] = []
  private var own: (transfer: HostTransfer, begin: UInt64)?
  private var deviceBytes: [UInt8] = []
  /// What the device was before the host reset it: one that is the same afterwards has not been plugged in anew.
  private var before: DeviceDescriptors?
  private var attempts = 0
  private var detachmentCount = 0
  private var frameCount: UInt32 = 0
  /// When the frame under way began.
  private var frameBegin: UInt64 = 0
  /// When the host does something next; nil while it does nothing.
  private(set) var nextTick: UInt64?
  private var isSuspended = false
  private var idleSince: UInt64 = 0
  private var idleNoted = 0
  /// Counts the rounds, so that endpoints take turns.
  private var turn = 0

  private static let frame: UInt64 = 1_000_000
  private static let millisecond: UInt64 = 1_000_000
  /// Hubs wait for a connection to be stable, and Linux resets for 50 ms and waits for 10 more (hub.c).
  private static let debounceTime: UInt64 = 100 * millisecond
  private static let resetTime: UInt64 = 50 * millisecond
  private static let recoveryTime: UInt64 = 10 * millisecond
  /// Linux gives up after so many.
  private static let mostAttempts = 3
  /// How soon a device that was not ready is asked again within a frame, and how often.
  private static let retryTime: UInt64 = 30_000
  private static let mostRetries = 20

  init(chip: Chip, device: OnTheGoController) {
    self.chip = chip
    self.device = device
    device.remoteWakeUp.connect(to: self) { if $1 { $0.deviceAsksToResume() } }
  }

  // MARK: The cable

  /// Plugs the cable in.
  func plugIn() {
    guard state == .unplugged else { return }
    device.hasBusVoltage = true
    state = .empty
    (idleSince, idleNoted) = (chip.synchronised, 0)
    frameBegin = chip.synchronised
    schedule(at: chip.synchronised + 1)
  }

  /// Pulls the cable out.
  func pullOut() {
    device.hasBusVoltage = false
    leave(.unplugged)
    nextTick = nil
  }

  /// Puts the bus to sleep, or wakes it up (USB 2.0, 7.1.7.6).
  func suspend(_ isSuspended: Bool) {
    guard state == .ready, isSuspended != self.isSuspended else { return }
    self.isSuspended = isSuspended
    (idleSince, idleNoted) = (chip.synchronised, 0)
    if !isSuspended { device.resume() }
  }

  private func deviceAsksToResume() {
    guard isSuspended else { return }
    suspend(false)
  }

  /// Resets the device and gives it its address and configuration again, as a host does for a program that asks for it.
  func reset() {
    guard state == .ready || state == .failed else { return }
    endTransfers(.gone)
    attempts = 0
    before = state == .ready ? descriptors : nil
    beginReset(.firstDescriptor)
  }

  /// Whether nothing is under way that decides whether a device is there.
  var isSettled: Bool {
    switch state {
    case .unplugged, .empty, .ready, .failed: true
    case .debouncing, .resetting, .recovering, .asking: false
    }
  }

  // MARK: Transfers

  /// Begins a transfer.
  func begin(_ transfer: HostTransfer) {
    guard state == .ready || own?.transfer === transfer else { return transfer.finish(.gone) }
    if isSuspended { suspend(false) }
    transfer.nextTry = chip.synchronised
    transfers.append(transfer)
    schedule(at: chip.synchronised + 1)
  }

  /// Whether the device has an endpoint.
  func has(_ endpoint: Endpoint) -> Bool { endpoints[endpoint] != nil }

  /// Takes a transfer back.
  func cancel(_ transfer: HostTransfer) { transfers.removeAll { $0 === transfer } }

  /// What it has asked by itself since the last call.
  func takeOwnExchanges() -> [HostExchange] {
    defer { exchanges = [] }
    return exchanges
  }

  /// A host program's request changes what the host knows of endpoints.
  func note(_ setup: ControlSetup) {
    switch (setup.requestType, setup.request) {
    // SET_CONFIGURATION and SET_INTERFACE begin with DATA0 everywhere, CLEAR_FEATURE at one endpoint (USB 2.0, 9.1.1.5, 9.4.5).
    case (0x00, 9), (0x01, 11): toggles = [:]
    case (0x02, 1): toggles[Endpoint(rawValue: UInt8(truncatingIfNeeded: setup.index))] = nil
    default: break
    }
  }

  // MARK: Time

  private func schedule(at time: UInt64) {
    if let nextTick, nextTick <= time { return }
    nextTick = time
    chip.schedule(at: time, for: self) { $0.tick(time) }
  }

  private func tick(_ time: UInt64) {
    guard nextTick == time else { return }
    nextTick = nil
    let now = max(time, chip.synchronised)
    guard state != .unplugged else { return }
    if now >= frameBegin + Self.frame { beginFrame(now) }
    watchPullUp(now)
    advance(now)
    let next = move(now)
    schedule(at: max(now + 1, min(next, frameBegin + Self.frame)))
  }

  private func beginFrame(_ now: UInt64) {
    let passed = (now - frameBegin) / Self.frame
    frameBegin += passed * Self.frame
    frameCount &+= UInt32(truncatingIfNeeded: passed)
    switch state {
    case .resetting: break
    case .asking, .recovering, .ready:
      guard !isSuspended else { return noteIdle(now) }
      device.startFrame(frameCount)
      (idleSince, idleNoted) = (now, 0)
    case .unplugged, .empty, .debouncing, .failed: noteIdle(now)
    }
  }

  /// Devices notice a bus without frames after 3 ms, and take it for suspended after 3 more.
  private func noteIdle(_ now: UInt64) {
    let idle = now - idleSince
    if idleNoted == 0, idle >= 3 * Self.millisecond {
      idleNoted = 1
      device.noteIdle(isConfirmed: false)
    } else if idleNoted == 1, idle >= 6 * Self.millisecond {
      idleNoted = 2
      device.noteIdle(isConfirmed: true)
    }
  }

  private func watchPullUp(_ now: UInt64) {
    device.updatePullUp()
    let isUp = device.isPulledUp && device.detachmentCount == detachmentCount
    switch state {
    case .empty:
      guard device.isPulledUp else { return }
      detachmentCount = device.detachmentCount
      attempts = 0
      (idleSince, idleNoted) = (now, 0)
      state = .debouncing(until: now + Self.debounceTime)
    case .unplugged: break
    default: if !isUp { leave(.empty) }
    }
  }

  private func leave(_ state: State) {
    endTransfers(.gone)
    (own, before, isSuspended) = (nil, nil, false)
    self.state = state
  }

  private func endTransfers(_ end: HostTransfer.End) {
    for transfer in transfers { transfer.finish(end) }
    transfers = []
  }

  // MARK: Packets

  /// Performs the next packet that is due.
  ///
  /// - Returns: when there is something to do next.
  private func move(_ now: UInt64) -> UInt64 {
    transfers.removeAll { $0.end != nil }
    guard !transfers.isEmpty else { return .max }
    let due = transfers.filter { $0.nextTry <= now }
    guard !due.isEmpty else { return transfers.map(\.nextTry).min() ?? .max }
    turn += 1
    let transfer = due[turn % due.count]
    // A packet that would run into the next frame waits for that.
    let longest = HostTiming.packet(min(packetSize(of: transfer), 64))
    guard now + longest <= frameBegin + Self.frame else { return frameBegin + Self.frame }
    let before = transfer.refusalCount
    var toggle = toggles[transfer.endpoint] ?? false
    let count = transfer.step(
      on: device, at: address, packetSize: packetSize(of: transfer), toggle: &toggle)
    if transfer.setup == nil { toggles[transfer.endpoint] = toggle }
    let end = now + HostTiming.packet(count)
    let isRefused = transfer.refusalCount > before
    transfer.nextTry = isRefused ? retryTime(of: transfer, after: end) : end
    if transfer.end != nil { ended(transfer, at: end) }
    return transfers.contains { $0.end == nil } ? max(end, transfers.map(\.nextTry).min() ?? end) : end
  }

  private func packetSize(of transfer: HostTransfer) -> Int {
    transfer.setup == nil ? endpoints[transfer.endpoint]?.packetSize ?? 64 : controlPacketSize
  }

  private func retryTime(of transfer: HostTransfer, after end: UInt64) -> UInt64 {
    if let interval = endpoints[transfer.endpoint]?.interval, transfer.setup == nil {
      return frameBegin + max(1, interval) * Self.frame
    }
    return transfer.refusalCount <= Self.mostRetries ? end + Self.retryTime : frameBegin + Self.frame
  }

  private func ended(_ transfer: HostTransfer, at time: UInt64) {
    transfers.removeAll { $0 === transfer }
    guard let asked = own, asked.transfer === transfer, case .asking(let step) = state else { return }
    own = nil
    let answer: ControlAnswer =
      switch transfer.end {
      case .complete: .complete(transfer.received)
      case .stall: .stall
      default: .silence
      }
    if let setup = transfer.setup {
      exchanges.append(
        HostExchange(
          setup: setup, answer: answer, begin: .nanoseconds(Int64(clamping: asked.begin)),
          end: .nanoseconds(Int64(clamping: time))))
    }
    guard case .complete(let bytes) = answer else { return tryAgain(time) }
    finished(step, bytes, at: time)
  }

  // MARK: Enumeration

  /// Goes on where a step's time is over.
  private func advance(_ now: UInt64) {
    switch state {
    case .debouncing(let end) where now >= end: beginReset(.firstDescriptor)
    case .resetting(let end, let step) where now >= end:
      device.endReset()
      address = 0
      toggles = [:]
      state = .recovering(until: now + Self.recoveryTime, step)
    case .recovering(let end, let step) where now >= end: ask(step, at: now)
    default: break
    }
  }

  private func beginReset(_ step: Step) {
    device.beginReset()
    state = .resetting(until: chip.synchronised + Self.resetTime, step)
  }

  private func tryAgain(_ now: UInt64) {
    attempts += 1
    if attempts < Self.mostAttempts { beginReset(.firstDescriptor) } else { state = .failed }
  }

  private func ask(_ step: Step, at time: UInt64) {
    state = .asking(step)
    let transfer = HostTransfer(request(step), [])
    own = (transfer, time)
    begin(transfer)
    transfer.nextTry = time
  }

  private static let deviceAddress: UInt32 = 5

  private func request(_ step: Step) -> ControlSetup {
    func descriptor(_ kind: UInt16, _ length: UInt16) -> ControlSetup {
      ControlSetup(requestType: 0x80, request: 6, value: kind << 8, index: 0, length: length)
    }
    switch step {
    case .firstDescriptor: return descriptor(1, 64)
    case .address:
      return ControlSetup(requestType: 0, request: 5, value: UInt16(Self.deviceAddress), index: 0, length: 0)
    case .deviceDescriptor: return descriptor(1, 18)
    case .configurationHead: return descriptor(2, 9)
    case .configuration: return descriptor(2, configurationLength)
    case .setConfiguration:
      let value = descriptors?.configurationValue ?? 1
      return ControlSetup(requestType: 0, request: 9, value: UInt16(value), index: 0, length: 0)
    }
  }

  private var configurationLength: UInt16 = 9

  private func finished(_ step: Step, _ bytes: [UInt8], at now: UInt64) {
    switch step {
    case .firstDescriptor:
      guard bytes.count >= 8, bytes[1] == 1, [8, 16, 32, 64].contains(bytes[7]) else { return tryAgain(now) }
      controlPacketSize = Int(bytes[7])
      beginReset(.address)
    case .address:
      address = Self.deviceAddress
      state = .recovering(until: now + Self.recoveryTime, .deviceDescriptor)
    case .deviceDescriptor:
      guard bytes.count == 18 else { return tryAgain(now) }
      deviceBytes = bytes
      ask(.configurationHead, at: now)
    case .configurationHead:
      guard bytes.count == 9 else { return tryAgain(now) }
      configurationLength = UInt16(bytes[2]) | UInt16(bytes[3]) << 8
      ask(.configuration, at: now)
    case .configuration:
      guard let known = DeviceDescriptors(device: deviceBytes, configuration: bytes) else { return tryAgain(now) }
      descriptors = known
      endpoints = known.endpointFacts
      ask(.setConfiguration, at: now)
    case .setConfiguration:
      toggles = [:]
      state = .ready
      if descriptors != before { enumerationCount += 1 }
      before = nil
    }
  }
}

/// How long packets take on a full-speed bus, in nanoseconds (USB 2.0, table 5-9: 13 bytes of protocol around the data).
enum HostTiming {
  /// A packet with its token and its handshake.
  static func packet(_ byteCount: Int) -> UInt64 { UInt64(13 + byteCount) * 8 * 1_000_000 / 12_000 }
}
