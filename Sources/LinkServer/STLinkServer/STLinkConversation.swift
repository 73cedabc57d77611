import Basics
import LinkInterface
import SimProbe

/// A client of ST's stlink-server, a TCP port through which programs share probes.
///
/// A probe has one owner at a time; whoever else opens it is told that it is busy, until the owner closes it or goes.
final class STLinkConversation: Conversation {
  let stream: ClientStream
  private(set) var commandCount = 0

  private let client: Int
  private let devices: [ServedDevice]
  let silenceLimit: Duration
  private let observer: (ServerEvent) -> Void
  /// The devices that the client has opened, by connect id, and how often each had been plugged in then.
  private var connections: [UInt32: (device: ServedDevice, plugCount: Int?)] = [:]
  private var lastConnectID: UInt32 = 0

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

  /// Every command is answered at once.
  var isWaiting: Bool { false }

  func goOn() -> Bool { true }

  func hasLost(_ device: ServedDevice) { observer(.dropped(client: client, device: device.name)) }

  func end() {
    for connection in connections.values { connection.device.owner = nil }
    connections = [:]
  }

  func answerRequests() -> Bool {
    while let parsed = stream.next(ServerRequest.parse) {
      switch parsed {
      case .incomplete: return true
      case .request(let request, _):
        guard stream.reply(answer(request)) else { return false }
      case .malformed(let answer):
        observer(.malformed(client: client))
        stream.isEnding = true
        return stream.reply(answer)
      }
    }
    return true
  }

  private func answer(_ request: ServerRequest) -> [UInt8] {
    switch request {
    case .version: return ServerVersion.answer
    case .refresh: return ServerStatus.ok.rawValue.littleEndianBytes
    case .deviceCount: return UInt32(pluggedIndices.count).littleEndianBytes
    case .deviceInformation(let index, let byteCount): return information(index, byteCount)
    case .open(let deviceID): return open(deviceID)
    case .close(let connectID):
      guard let device = connections.removeValue(forKey: connectID)?.device else {
        return ServerStatus.badParameter.rawValue.littleEndianBytes
      }
      device.owner = nil
      return ServerStatus.ok.rawValue.littleEndianBytes
    case .command(let command):
      commandCount += 1
      guard let connection = connections[command.connectID] else {
        return CommandReply(status: .badParameter, byteCount: command.replyByteCount).bytes
      }
      return connection.device.perform(command, pluggedIn: connection.plugCount).bytes
    }
  }

  private func information(_ index: Int, _ byteCount: Int) -> [UInt8] {
    guard byteCount == DeviceRecord.byteCount else {
      return ServerStatus.badBufferSize.rawValue.littleEndianBytes
    }
    let plugged = pluggedIndices
    guard plugged.indices.contains(index) else {
      return ServerStatus.badParameter.rawValue.littleEndianBytes + [UInt8](repeating: 0, count: byteCount)
    }
    let device = devices[plugged[index]]
    let isTaken = device.isTaken(from: ObjectIdentifier(self))
    return ServerStatus.ok.rawValue.littleEndianBytes
      + DeviceRecord(id: deviceID(at: plugged[index]), device: device, isTaken: isTaken).bytes
  }

  private func open(_ deviceID: UInt32) -> [UInt8] {
    guard let index = pluggedIndices.first(where: { self.deviceID(at: $0) == deviceID }) else {
      return ServerStatus.badParameter.rawValue.littleEndianBytes + UInt32(0).littleEndianBytes
    }
    let device = devices[index]
    guard take(device) else {
      observer(.refused(client: client, device: device.name))
      return ServerStatus.busy.rawValue.littleEndianBytes + UInt32(0).littleEndianBytes
    }
    lastConnectID += 1
    connections[lastConnectID] = (device, device.device.plugCount)
    observer(.opened(client: client, device: device.name))
    return ServerStatus.ok.rawValue.littleEndianBytes + lastConnectID.littleEndianBytes
  }

  /// The devices that are there now, by their places among all; one that was unplugged is in the list again when it is back.
  private var pluggedIndices: [Int] { devices.indices.filter { devices[$0].isPlugged } }

  /// The id of a device: its place made unlike a small number, and another one each time that it is plugged in.
  private func deviceID(at index: Int) -> UInt32 {
    0x5354_0000 + UInt32(devices[index].device.plugCount ?? 0) << 8 + UInt32(index)
  }
}
