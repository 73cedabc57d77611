import ProbeInterface
import SimProbe

/// ST's stlink-server for simulated probes: one TCP port through which programs share them (stlink-protocol, section 19).
///
/// A probe has one owner at a time; whoever else opens it is told that it is busy, until the owner closes it or goes.
public final class STLinkServer: EventSource {
  /// The port that ST's server has, and that programs try by themselves.
  public static let defaultPort: UInt16 = 7_184

  /// What happens at the server, for whoever shows it to a user.
  public enum Event: Sendable, Equatable {
    /// A client has connected.
    case connected(client: Int)
    /// A client was turned away because too many are connected.
    case turnedAway
    /// A client holds a device now.
    case opened(client: Int, device: String)
    /// A client wanted a device that another one holds.
    case refused(client: Int, device: String)
    /// A client sent something that is no request, and is disconnected for it.
    case malformed(client: Int)
    /// A client has gone, after so many commands.
    case disconnected(client: Int, commands: Int)
  }

  /// The most clients at one time; a few programs that look for probes, but no flood.
  private static let clientLimit = 16

  /// The port that the server listens on.
  public var port: UInt16 { listener.localPort }

  private let devices: [ServedDevice]
  private let listener: Socket
  private let observer: (Event) -> Void
  private var clients: [Int32: ServerClient] = [:]
  private var clientCount = 0
  private var lastConnectID: UInt32 = 0

  /// Opens the port.
  ///
  /// - Parameters:
  ///   - devices: the probes in the order in which clients see them.
  ///   - address: the IPv4 address to listen on.
  ///   - port: the port; 0 lets the system choose.
  ///   - observer: is told what happens.
  /// - Throws: `ServerError` when the port cannot be had.
  public init(
    devices: [ServedDevice], address: String = "127.0.0.1", port: UInt16 = STLinkServer.defaultPort,
    observer: @escaping (Event) -> Void = { _ in }
  ) throws(ServerError) {
    self.devices = devices
    self.observer = observer
    listener = try Socket.listening(address: address, port: port)
  }

  /// The listening socket and all clients.
  public var interests: [Int32: PollEvents] {
    var interests = clients.mapValues(\.interest)
    interests[listener.descriptor] = .readable
    return interests
  }

  /// Only sockets matter here.
  public var patience: Duration? { nil }

  /// Nothing happens here without a client.
  public func elapse() {}

  /// Accepts a client or serves one.
  public func handle(_ events: PollEvents, on descriptor: Int32) {
    if descriptor == listener.descriptor {
      accept()
    } else if let client = clients[descriptor], !serve(client) || client.isFinished {
      remove(client)
    }
  }

  private func accept() {
    while let socket = listener.accept() {
      guard clients.count < STLinkServer.clientLimit else {
        observer(.turnedAway)
        continue
      }
      socket.sendAtOnce()
      clientCount += 1
      clients[socket.descriptor] = ServerClient(socket, number: clientCount)
      observer(.connected(client: clientCount))
    }
  }

  private func remove(_ client: ServerClient) {
    for device in client.connections.values { device.owner = nil }
    clients[client.socket.descriptor] = nil
    observer(.disconnected(client: client.number, commands: client.commandCount))
  }

  /// Reads, answers, and sends what is left; false when the client has gone.
  private func serve(_ client: ServerClient) -> Bool {
    guard client.flush(), client.isEnding || client.receive() else { return false }
    while let parsed = client.nextRequest() {
      switch parsed {
      case .incomplete: return true
      case .request(let request, _):
        guard client.reply(answer(request, from: client)) else { return false }
      case .malformed(let status):
        observer(.malformed(client: client.number))
        client.isEnding = true
        return client.reply(status.rawValue.littleEndianBytes)
      }
    }
    return true
  }

  private func answer(_ request: ServerRequest, from client: ServerClient) -> [UInt8] {
    switch request {
    case .version: return ServerVersion.answer
    case .refresh: return ServerStatus.ok.rawValue.littleEndianBytes
    case .deviceCount: return UInt32(devices.count).littleEndianBytes
    case .deviceInformation(let index, let byteCount): return information(index, byteCount, for: client)
    case .open(let deviceID): return open(deviceID, for: client)
    case .close(let connectID):
      guard let device = client.connections.removeValue(forKey: connectID) else {
        return ServerStatus.badParameter.rawValue.littleEndianBytes
      }
      device.owner = nil
      return ServerStatus.ok.rawValue.littleEndianBytes
    case .command(let command):
      client.commandCount += 1
      guard let device = client.connections[command.connectID] else {
        return CommandReply(status: .badParameter, byteCount: command.replyByteCount).bytes
      }
      return device.perform(command).bytes
    }
  }

  private func information(_ index: Int, _ byteCount: Int, for client: ServerClient) -> [UInt8] {
    guard byteCount == DeviceRecord.byteCount else {
      return ServerStatus.badBufferSize.rawValue.littleEndianBytes
    }
    guard devices.indices.contains(index) else {
      return ServerStatus.badParameter.rawValue.littleEndianBytes + [UInt8](repeating: 0, count: byteCount)
    }
    let device = devices[index]
    let isTaken = device.owner.map { $0 != ObjectIdentifier(client) } ?? false
    return ServerStatus.ok.rawValue.littleEndianBytes
      + DeviceRecord(id: STLinkServer.deviceID(at: index), device: device, isTaken: isTaken).bytes
  }

  private func open(_ deviceID: UInt32, for client: ServerClient) -> [UInt8] {
    guard let index = devices.indices.first(where: { STLinkServer.deviceID(at: $0) == deviceID }) else {
      return ServerStatus.badParameter.rawValue.littleEndianBytes + UInt32(0).littleEndianBytes
    }
    let device = devices[index]
    guard device.device.isPlugged else {
      return ServerStatus.openError.rawValue.littleEndianBytes + UInt32(0).littleEndianBytes
    }
    guard device.owner == nil else {
      observer(.refused(client: client.number, device: device.name))
      return ServerStatus.busy.rawValue.littleEndianBytes + UInt32(0).littleEndianBytes
    }
    device.owner = ObjectIdentifier(client)
    lastConnectID += 1
    client.connections[lastConnectID] = device
    observer(.opened(client: client.number, device: device.name))
    return ServerStatus.ok.rawValue.littleEndianBytes + lastConnectID.littleEndianBytes
  }

  /// The id of a device, which is no more than its place in the list made unlike a small number.
  private static func deviceID(at index: Int) -> UInt32 {
    0x5354_0000 + UInt32(index)
  }
}
