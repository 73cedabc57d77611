/// What one client and a server say to each other in one protocol.
protocol Conversation: AnyObject {
  /// The client's connection.
  var stream: ClientStream { get }

  /// The commands or transfers that the client has asked for.
  var commandCount: Int { get }

  /// Whether a transfer is under way that ends when the device is ready for it.
  var isWaiting: Bool { get }

  /// Answers all requests that have come; false when the client has gone.
  func answerRequests() -> Bool

  /// Goes on with the transfers under way; false when the client has gone.
  func goOn() -> Bool

  /// Gives back what the client held; it has gone.
  func end()
}

extension Conversation {
  /// How soon a transfer under way is tried again: the virtual time goes on meanwhile.
  static var step: Duration { .milliseconds(1) }

  /// Reads, answers, and sends what is left; false when the conversation is over.
  func serve() -> Bool {
    guard stream.flush(), stream.isEnding || stream.receive(), answerRequests() else { return false }
    return !stream.isFinished
  }

  /// Goes on with the transfers under way; whether the conversation is over then.
  var isOverAfterGoingOn: Bool {
    isWaiting && !goOn() || stream.isFinished
  }
}

/// What happens at a server, for whoever shows it to a user.
package enum ServerEvent: Sendable, Equatable {
  /// A client has connected.
  case connected(client: Int)
  /// A client was turned away because too many are connected.
  case turnedAway
  /// A client holds a device now.
  case opened(client: Int, device: String)
  /// A client wanted a device that another one holds.
  case refused(client: Int, device: String)
  /// A client sent something that is no request of the protocol, and is disconnected for it.
  case malformed(client: Int)
  /// A client has gone, after so many commands or transfers.
  case disconnected(client: Int, commands: Int)
}
