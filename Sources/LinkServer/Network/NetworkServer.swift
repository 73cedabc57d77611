package import Sockets

/// A listening TCP port, with the conversations of those who have connected to it.
package final class NetworkServer: EventSource {
  /// What is spoken at a port.
  package enum SpokenProtocol: Sendable, CaseIterable {
    /// ST's stlink-server, which OpenOCD can talk to.
    case stlinkServer
    /// USB over IP, which Linux's kernel can talk to.
    case usbip

    /// The port that programs try by themselves.
    package var defaultPort: UInt16 {
      switch self {
      case .stlinkServer: 7_184
      case .usbip: 3_240
      }
    }
  }

  /// The most clients at one time; a few programs that look for probes, but no flood.
  private static let clientLimit = 16
  /// How long a client has to have been silent to lose its probe, or its place where all are taken, to another one.
  ///
  /// Programs that debug look at their target ten times a second; one that flashes is never silent for seconds.
  package static let silenceLimit: Duration = .seconds(30)

  /// The port that the server listens on.
  package var port: UInt16 { listener.localPort }

  private let spoken: SpokenProtocol
  private let devices: [ServedDevice]
  private let listener: Socket
  private let silenceLimit: Duration
  private let observer: (ServerEvent) -> Void
  private var clients: [Int32: Client] = [:]
  private var clientCount = 0

  private struct Client {
    let number: Int
    let conversation: any Conversation
  }

  /// Opens the port.
  ///
  /// - Parameters:
  ///   - spoken: the protocol.
  ///   - devices: the probes in the order in which clients see them.
  ///   - address: the IPv4 address to listen on.
  ///   - port: the port; 0 lets the system choose, nil is the protocol's own.
  ///   - silenceLimit: how long a client has to have been silent to lose what it holds to another one.
  ///   - observer: is told what happens.
  /// - Throws: `ServerError` when the port cannot be had.
  package init(
    _ spoken: SpokenProtocol, devices: [ServedDevice], address: String = "127.0.0.1", port: UInt16? = nil,
    silenceLimit: Duration = NetworkServer.silenceLimit,
    observer: @escaping (ServerEvent) -> Void = { _ in }
  ) throws(ServerError) {
    self.spoken = spoken
    self.devices = devices
    self.silenceLimit = silenceLimit
    self.observer = observer
    listener = try Socket.listening(address: address, port: port ?? spoken.defaultPort)
  }

  /// The listening socket and all clients.
  package var interests: [Int32: PollEvents] {
    var interests = clients.mapValues(\.conversation.stream.interest)
    interests[listener.descriptor] = .readable
    return interests
  }

  /// A client with a transfer under way is looked at again soon.
  package var patience: Duration? {
    clients.values.first { $0.conversation.isWaiting }.map { type(of: $0.conversation).step }
  }

  /// Accepts a client or serves one.
  package func handle(_ events: PollEvents, on descriptor: Int32) {
    if descriptor == listener.descriptor {
      accept()
    } else if let client = clients[descriptor] {
      if !client.conversation.serve() { remove(descriptor) }
    }
  }

  /// Goes on with transfers under way.
  package func elapse() {
    for (descriptor, client) in clients where client.conversation.isOverAfterGoingOn { remove(descriptor) }
  }

  private func accept() {
    while let socket = listener.accept() {
      if clients.count == NetworkServer.clientLimit { removeIdleClient() }
      guard clients.count < NetworkServer.clientLimit else {
        observer(.turnedAway)
        continue
      }
      socket.sendAtOnce()
      socket.noticeVanishing()
      clientCount += 1
      clients[socket.descriptor] = Client(
        number: clientCount, conversation: conversation(over: socket, with: clientCount))
      observer(.connected(client: clientCount))
    }
  }

  private func conversation(over socket: Socket, with client: Int) -> any Conversation {
    let stream = ClientStream(socket)
    return switch spoken {
    case .stlinkServer:
      STLinkConversation(
        stream, client: client, devices: devices, silenceLimit: silenceLimit, observer: observer)
    case .usbip:
      USBIPConversation(stream, client: client, devices: devices, silenceLimit: silenceLimit, observer: observer)
    }
  }

  private func remove(_ descriptor: Int32) {
    guard let client = clients.removeValue(forKey: descriptor) else { return }
    client.conversation.end()
    observer(.disconnected(client: client.number, commands: client.conversation.commandCount))
  }

  /// Makes room for a new client where one has long been silent.
  private func removeIdleClient() {
    let oldest = clients.filter(\.value.conversation.isSilent).min {
      $0.value.conversation.stream.lastSign < $1.value.conversation.stream.lastSign
    }
    guard let descriptor = oldest?.key else { return }
    remove(descriptor)
  }
}
