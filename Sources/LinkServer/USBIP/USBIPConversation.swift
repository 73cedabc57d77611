import LinkInterface
import SimProbe

/// A client of USB over IP: a program that lists the devices, or a kernel that has imported one.
///
/// A device has one owner at a time; whoever else imports it is told that it is busy, until the owner goes.
final class USBIPConversation: Conversation {
  /// The most transfers that a client may have under way; a kernel has a few.
  private static let transferLimit = 1_024

  let stream: ClientStream
  private(set) var commandCount = 0

  private let client: Int
  private let devices: [ServedDevice]
  let silenceLimit: Duration
  private let observer: (ServerEvent) -> Void
  /// The device that the client has imported.
  private var device: ServedDevice? {
    didSet { plugCount = device?.device.plugCount }
  }
  /// Which of the device's times on the bus the client has.
  private var plugCount: Int?
  private var transfers = SubmissionQueue<USBIPTransfer>()

  init(
    _ stream: ClientStream, client: Int, devices: [ServedDevice], silenceLimit: Duration,
    observer: @escaping (ServerEvent) -> Void
  ) {
    self.stream = stream
    self.client = client
    self.devices = devices
    self.silenceLimit = silenceLimit
    self.observer = observer
  }

  /// Begins where an import would have ended: with a device that is the client's.
  convenience init(_ stream: ClientStream, client: Int, imported device: ServedDevice) {
    self.init(stream, client: client, devices: [device], silenceLimit: NetworkServer.silenceLimit) { _ in }
    self.device = device
    plugCount = device.device.plugCount
    device.owner = ObjectIdentifier(self)
  }

  var isWaiting: Bool {
    guard let device, !stream.isEnding else { return false }
    return !transfers.pending.isEmpty || hasLeft(device)
  }

  func answerRequests() -> Bool {
    while !stream.isEnding, let parsed = nextMessage() {
      switch parsed {
      case .incomplete: return true
      case .request(let message, _):
        guard take(message) else { return false }
      case .malformed(let answer):
        hangUp()
        return stream.reply(answer)
      }
    }
    return true
  }

  func goOn() -> Bool {
    guard let device else { return true }
    device.follow()
    while hasLeft(device) ? transfers.cancel(.shutdown, on: device, where: { _ in true }) : transfers.pump(on: device) {
    }
    var answers: [UInt8] = []
    while let transfer = transfers.takeFinished() { answers += transfer.answer }
    // A kernel takes the end of the connection for the unplugging of the device.
    if hasLeft(device) { stream.isEnding = true }
    return answers.isEmpty || stream.reply(answers)
  }

  /// Whether the device has left the bus since the client has got it; it may be there again, as another one to a kernel.
  private func hasLeft(_ device: ServedDevice) -> Bool {
    !device.device.isPlugged || device.device.plugCount != plugCount
  }

  /// Whether the conversation is over because its device has left the bus.
  var hasLeft: Bool { device.map(hasLeft) ?? false }

  /// Whether the device that the client has may leave the bus by itself.
  var isRestless: Bool { device?.isRestless ?? false }

  func hasLost(_ device: ServedDevice) { observer(.dropped(client: client, device: device.name)) }

  func end() {
    device?.owner = nil
    device = nil
  }

  private func nextMessage() -> ParsedRequest<USBIPMessage>? {
    device == nil ? stream.next(USBIPMessage.parseOperation) : stream.next(USBIPMessage.parseTransfer)
  }

  /// Does what a message asks for; false when the client has gone.
  private func take(_ message: USBIPMessage) -> Bool {
    switch message {
    case .listDevices:
      stream.isEnding = true
      return stream.reply(USBIPReply.deviceList(devices))
    case .importDevice(let name): return stream.reply(importDevice(name))
    case .submit(let transfer):
      commandCount += 1
      guard transfers.pending.count < USBIPConversation.transferLimit else {
        hangUp()
        return true
      }
      transfers.append(transfer)
      return goOn()
    case .unlink(let sequence, let transfer):
      // What has ended before is reported as such, and the request to end it as too late.
      return goOn()
        && stream.reply(USBIPReply.unlinked(sequence, wasUnderWay: transfers.withdraw(UInt64(transfer), from: device)))
    }
  }

  private func hangUp() {
    observer(.malformed(client: client))
    stream.isEnding = true
  }

  private func importDevice(_ name: String) -> [UInt8] {
    guard let index = devices.indices.first(where: { USBIPReply.location(of: $0).path == name }) else {
      stream.isEnding = true
      return USBIPReply.refused(.noDevice)
    }
    let wanted = devices[index]
    guard wanted.device.isPlugged else {
      stream.isEnding = true
      return USBIPReply.refused(.deviceError)
    }
    guard take(wanted) else {
      stream.isEnding = true
      observer(.refused(client: client, device: wanted.name))
      return USBIPReply.refused(.busy)
    }
    device = wanted
    observer(.opened(client: client, device: wanted.name))
    return USBIPReply.imported(wanted, at: index)
  }
}
