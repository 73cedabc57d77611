/// One connection to the stlink-server: the bytes that have come, and the bytes that still have to go.
final class ServerClient {
  /// What the client still owes or is owed decides whether more is read from it.
  private static let outputLimit = 0x4_0000
  private static let chunk = 0x1_0000

  let socket: Socket
  /// A number for messages, counted from 1.
  let number: Int
  /// The devices that the client has opened, by connect id.
  var connections: [UInt32: ServedDevice] = [:]
  /// The commands that it has sent.
  var commandCount = 0
  /// Whether the connection ends when the replies have gone out.
  var isEnding = false

  private var input: [UInt8] = []
  private var parsedCount = 0
  private var output: [UInt8] = []
  private var sentCount = 0

  init(_ socket: Socket, number: Int) {
    self.socket = socket
    self.number = number
  }

  /// What to wait for: a client that does not take its replies is not listened to either.
  var interest: PollEvents {
    var events: PollEvents = []
    if output.count - sentCount < ServerClient.outputLimit && !isEnding { events.insert(.readable) }
    if sentCount < output.count { events.insert(.writable) }
    return events
  }

  /// Whether everything has been said that there was to say.
  var isFinished: Bool { isEnding && sentCount == output.count }

  /// Takes what has come; false when the client has gone.
  func receive() -> Bool {
    switch socket.receive(atMost: ServerClient.chunk) {
    case .bytes(let bytes): input += bytes
    case .nothing: break
    case .ended: return false
    }
    return true
  }

  /// The next whole request; nil when there is none yet.
  func nextRequest() -> ServerRequest.Parsed? {
    let parsed = ServerRequest.parse(input[parsedCount...])
    if case .request(_, let byteCount) = parsed {
      parsedCount += byteCount
      return parsed
    }
    if parsed == .incomplete {
      input.removeFirst(parsedCount)
    } else {
      input = []
    }
    parsedCount = 0
    return parsed == .incomplete ? nil : parsed
  }

  /// Queues a reply and sends what the connection takes; false when the client has gone.
  func reply(_ bytes: [UInt8]) -> Bool {
    output += bytes
    return flush()
  }

  /// Sends what the connection takes; false when the client has gone.
  func flush() -> Bool {
    while sentCount < output.count {
      switch socket.send(output[sentCount...]) {
      case .bytes(0): return true
      case .bytes(let count): sentCount += count
      case .ended: return false
      }
    }
    output = []
    sentCount = 0
    return true
  }
}
