package import LinkInterface

/// A simulated probe as a USB device: descriptors, control requests, bulk endpoints, and the firmware behind them.
///
/// Whatever carries USB (the in-process probe, a TCP server, USB/IP) calls it with whole transfers and gets answers as
/// the bus would give them. A bulk IN that finds nothing is the carrier's to repeat: a real host controller polls
/// until its deadline.
package final class SimulatedUSBDevice {
  /// How the device answers a bulk OUT transfer.
  package enum OutputAnswer: Sendable, Equatable {
    /// All packets were taken.
    case taken
    /// NAK: nothing is taken for now.
    case notReady
    /// STALL.
    case stalled
    /// There is no such endpoint.
    case noEndpoint
  }

  /// How the device answers a bulk IN transfer.
  package enum InputAnswer: Sendable, Equatable {
    /// The transfer is complete: a short packet has come, or all that was asked for.
    case complete
    /// NAK: more may come.
    case notReady
    /// A packet is longer than what the host has room for.
    case overflow
    /// STALL.
    case stalled
    /// There is no such endpoint.
    case noEndpoint
  }

  /// A reply on its way to the host, and how much of it has been collected.
  private struct PendingReply {
    let bytes: [UInt8]
    /// When it can be collected, on the simulation's clock.
    let due: UInt64
    var offset = 0
  }

  let profile: STLinkProfile
  private(set) var descriptors: STLinkDescriptors
  /// The COM ports; the first is the one that boards wire to the chip.
  private(set) var serialPorts: [ProbeSerialPort] = []
  /// What goes wrong with replies on their way; nil for a good cable and firmware.
  var disturbance: ReplyDisturbance?
  /// What the host adds to each transfer, in nanoseconds.
  var hostDelay: UInt64 = 0
  /// Until when the firmware is busy with something else and takes nothing, on the simulation's clock.
  var busyUntil: UInt64 = 0
  /// Whether another program on this host has claimed the debug interface.
  var isClaimedElsewhere = false
  /// Whether the operating system lets the user not open the device.
  var isDenied = false
  /// How often the device has been plugged in.
  private(set) var plugCount = 1
  /// A bulk transfer begins; it is counted already.
  let transferBegins = Signal<Void>()
  /// The firmware is about to carry out a command.
  let commandBegins = Signal<Void>()
  /// How many bulk transfers there have been.
  package private(set) var transferCount = 0
  private(set) var firmware: STLinkFirmware
  /// The simulation's clock.
  let clock: VirtualClock

  /// Whether the device is on the bus.
  package private(set) var isPlugged = true
  /// The configuration that the host has set; an operating system sets the only one at once.
  private(set) var configurationValue: UInt8 = 1
  private(set) var haltedEndpoints: Set<UInt8> = []
  private var endpoints: Set<UInt8>
  private var replies: [PendingReply] = []
  /// Whether the firmware is working on what came in.
  private var isWorking = false
  /// What is to be done as soon as it has finished that.
  private var errands: [(SimulatedUSBDevice) -> Void] = []

  /// Plugs a probe in.
  ///
  /// - Parameters:
  ///   - profile: which probe.
  ///   - connector: what hangs on its SWD connector.
  ///   - clock: the simulation's clock.
  ///   - boardIdentifier: the four characters of the board's mbed id, where the probe is part of a board.
  init(profile: STLinkProfile, connector: any TargetConnector, clock: VirtualClock, boardIdentifier: String? = nil) {
    self.profile = profile
    self.clock = clock
    descriptors = STLinkDescriptors(profile)
    endpoints = descriptors.endpoints
    serialPorts = descriptors.serialPorts
    firmware = STLinkFirmware(
      profile: profile, connector: connector, clock: clock, boardIdentifier: boardIdentifier,
      commandBegins: commandBegins)
  }

  /// Shows no drag-and-drop disk from now on; it has to be called before anybody has read the descriptors.
  func hideDisk() {
    descriptors = STLinkDescriptors(profile, hidesDisk: true)
    endpoints = descriptors.endpoints
    serialPorts = descriptors.serialPorts
  }

  /// The speed at which the device runs.
  package var speed: USBSpeed { profile.product.isHighSpeed ? .high : .full }

  /// What one transfer costs, in nanoseconds.
  var transferTime: UInt64 { USBTiming.transfer(speed) + hostDelay }

  /// Takes the device off the bus, with all that was on its way; without its supply it holds no reset line.
  package func unplug() {
    isPlugged = false
    replies = []
    firmware.forgetTransfers()
    firmware.setTraceReceiver(nil)
    firmware.connector.driveReset(low: false)
  }

  /// Plugs the device in again: its firmware starts anew.
  package func plugIn() {
    guard !isPlugged else { return }
    isPlugged = true
    plugCount += 1
    haltedEndpoints = []
    configurationValue = 1
    for port in serialPorts { port.begin() }
    firmware = STLinkFirmware(
      profile: profile, connector: firmware.connector, clock: clock, boardIdentifier: firmware.boardIdentifier,
      commandBegins: commandBegins)
  }

  /// A USB reset: what was on its way is lost; the firmware keeps mode, clock and NRST level.
  package func reset() {
    replies = []
    haltedEndpoints = []
    configurationValue = 1
    firmware.forgetTransfers()
  }

  /// Makes an endpoint answer STALL until the host clears it.
  func halt(_ endpoint: UInt8) {
    haltedEndpoints.insert(endpoint)
  }

  /// Lets an endpoint go on.
  func clearHalt(_ endpoint: UInt8) {
    haltedEndpoints.remove(endpoint)
  }

  /// Whether the device has an endpoint.
  func has(_ endpoint: UInt8) -> Bool {
    endpoints.contains(endpoint)
  }

  /// Sets the configuration.
  func configure(_ value: UInt8) {
    configurationValue = value
    haltedEndpoints = []
  }

  /// A whole bulk OUT transfer, which goes out in packets of the endpoint's size.
  package func bulkOut(_ endpoint: UInt8, _ bytes: [UInt8]) -> OutputAnswer {
    guard endpoints.contains(endpoint), endpoint & 0x80 == 0 else { return .noEndpoint }
    guard !haltedEndpoints.contains(endpoint) else { return .stalled }
    if let port = serialPorts.first(where: { $0.output == endpoint }) {
      return isPlugged && configurationValue != 0 && port.take(bytes) ? .taken : .notReady
    }
    beginTransfer()
    guard endpoint == descriptors.commandOutput, configurationValue != 0, !firmware.isHung, isPlugged,
      clock.nanoseconds >= busyUntil
    else {
      return .notReady
    }
    work(on: bytes)
    while !errands.isEmpty { errands.removeFirst()(self) }
    return .taken
  }

  /// Hands a transfer to the firmware packet by packet, and takes its replies.
  private func work(on bytes: [UInt8]) {
    isWorking = true
    let size = profile.product.bulkPacketSize
    var offset = 0
    while offset < bytes.count {
      let end = min(offset + size, bytes.count)
      firmware.receive(bytes, offset..<end)
      offset = end
    }
    isWorking = false
    let made = firmware.takeReplies()
    let left = disturbance?.disturb(made) ?? made.map { ReplyDisturbance.Reply(bytes: $0) }
    // A fault may have unplugged the device while it worked.
    if isPlugged { replies += left.map { PendingReply(bytes: $0.bytes, due: clock.nanoseconds + $0.delay) } }
  }

  /// Does something between two transfers: now, or when the firmware has finished the one that it works on.
  func whenIdle(_ errand: @escaping (SimulatedUSBDevice) -> Void) {
    if isWorking { errands.append(errand) } else { errand(self) }
  }

  /// A bulk IN transfer, or its continuation after NAK.
  ///
  /// Packets go to the end of `received` until a short one or until there is no room left. A packet that does not fit
  /// stays where it is: the host acknowledges nothing of it.
  /// - Parameters:
  ///   - byteCount: the size of the whole transfer.
  ///   - received: what the transfer has collected so far.
  package func bulkIn(_ endpoint: UInt8, byteCount: Int, into received: inout [UInt8]) -> InputAnswer {
    guard endpoints.contains(endpoint), endpoint & 0x80 != 0 else { return .noEndpoint }
    guard !haltedEndpoints.contains(endpoint) else { return .stalled }
    let size = profile.product.bulkPacketSize
    if configurationValue != 0, let port = serialPorts.first(where: { $0.input == endpoint }) {
      return port.give(byteCount: byteCount, packetSize: size, into: &received)
    }
    if endpoint == descriptors.traceInput, configurationValue != 0, isPlugged {
      if received.isEmpty, firmware.traceReceiver?.offeredCount ?? 0 > 0 { beginTransfer() }
      return firmware.giveTrace(byteCount: byteCount, into: &received)
    }
    guard endpoint == descriptors.replyInput, configurationValue != 0 else { return .notReady }
    if received.isEmpty, hasReply { beginTransfer() }
    while received.count < byteCount {
      guard let reply = replies.first, hasReply else { return .notReady }
      let packet = reply.offset..<min(reply.offset + size, reply.bytes.count)
      guard packet.count <= byteCount - received.count else { return .overflow }
      received += reply.bytes[packet]
      if packet.upperBound == reply.bytes.count {
        replies.removeFirst()
      } else {
        replies[0].offset = packet.upperBound
      }
      if packet.count < size { return .complete }
    }
    return .complete
  }

  /// When the next reply that is held up can be collected; nil where none is.
  var nextReplyTime: UInt64? {
    replies.first.flatMap { $0.due > clock.nanoseconds ? $0.due : nil }
  }

  /// Whether a reply can be collected; those behind one that is held up wait with it.
  private var hasReply: Bool {
    replies.first.map { $0.due <= clock.nanoseconds } ?? false
  }

  private func beginTransfer() {
    transferCount += 1
    transferBegins.send()
  }
}
