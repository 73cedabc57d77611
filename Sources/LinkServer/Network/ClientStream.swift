import Sockets

/// What the beginning of a stream of bytes is.
enum ParsedRequest<Request> {
  /// A whole request, with its length.
  case request(Request, byteCount: Int)
  /// Not yet a whole request.
  case incomplete
  /// Nothing that could be gone on with; what to answer before the connection is closed.
  case malformed(answer: [UInt8])
}

/// One client's connection: the bytes that have come, and the bytes that still have to go.
final class ClientStream {
  /// What the client is owed decides whether more is read from it.
  private static let outputLimit = 0x4_0000
  private static let chunk = 0x1_0000

  let socket: Socket
  /// Whether the connection ends when the replies have gone out.
  var isEnding = false
  /// When the client last said something, or took something.
  private(set) var lastSign = ContinuousClock.now

  private var input: [UInt8] = []
  private var parsedCount = 0
  private var output: [UInt8] = []
  private var sentCount = 0

  init(_ socket: Socket) {
    self.socket = socket
  }

  /// Whether the client is owed so much that it has to take some of it before it is listened to again.
  private var isOverdrawn: Bool { output.count - sentCount >= ClientStream.outputLimit }

  /// What to wait for: a client that does not take its replies is not listened to either.
  var interest: PollEvents {
    var events: PollEvents = []
    if !isOverdrawn && !isEnding { events.insert(.readable) }
    if sentCount < output.count { events.insert(.writable) }
    return events
  }

  /// Whether everything has been said that there was to say.
  var isFinished: Bool { isEnding && sentCount == output.count }

  /// Takes what has come; false when the client has gone.
  func receive() -> Bool {
    if isOverdrawn { return true }
    switch socket.receive(atMost: ClientStream.chunk) {
    case .bytes(let bytes):
      lastSign = .now
      input += bytes
    case .nothing: break
    case .ended: return false
    }
    return true
  }

  /// The next whole request; nil when there is none yet, and while the client does not take its replies.
  ///
  /// What follows a malformed request is dropped: nobody knows where the next one would begin.
  func next<Request>(_ parse: (ArraySlice<UInt8>) -> ParsedRequest<Request>) -> ParsedRequest<Request>? {
    if isOverdrawn { return nil }
    let parsed = parse(input[parsedCount...])
    switch parsed {
    case .request(_, let byteCount):
      parsedCount += byteCount
      return parsed
    case .incomplete:
      input.removeFirst(parsedCount)
      parsedCount = 0
      return nil
    case .malformed:
      input = []
      parsedCount = 0
      return parsed
    }
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
      case .bytes(let count):
        lastSign = .now
        sentCount += count
      case .ended: return false
      }
    }
    output = []
    sentCount = 0
    return true
  }
}
