import SimProbe

/// What one client and a server say to each other in one protocol.
protocol Conversation: AnyObject {
  /// The client's connection.
  var stream: ClientStream { get }

  /// The commands or transfers that the client has asked for.
  var commandCount: Int { get }

  /// Whether a transfer is under way that ends when the device is ready for it.
  var isWaiting: Bool { get }

  /// How long the client has to be silent to lose what it holds to another one that asks for it.
  var silenceLimit: Duration { get }

  /// Is told that the client has lost a device, as it was silent for so long.
  func hasLost(_ device: ServedDevice)

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

  /// Whether the client has long neither said nor taken anything, and waits for nothing.
  var isSilent: Bool { !isWaiting && stream.lastSign.duration(to: .now) >= silenceLimit }

  /// Makes a device the client's.
  ///
  /// One that another client holds who has long been silent is taken from it; its connection ends.
  /// - Returns: whether the client has it now.
  func take(_ device: ServedDevice) -> Bool {
    if device.owner != ObjectIdentifier(self) { device.reclaim?() }
    guard device.owner == nil, !device.device.isClaimedElsewhere else { return false }
    device.owner = ObjectIdentifier(self)
    device.reclaim = { [weak self, unowned device] in
      guard let self, isSilent else { return }
      hasLost(device)
      end()
      stream.isEnding = true
    }
    return true
  }

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
  /// A client that has long been silent has lost a device to one that wants it, and is disconnected.
  case dropped(client: Int, device: String)
  /// A client sent something that is no request of the protocol, and is disconnected for it.
  case malformed(client: Int)
  /// A client has gone, after so many commands or transfers.
  case disconnected(client: Int, commands: Int)
}
