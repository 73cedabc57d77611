import LinkInterface

/// Brings host and probe into step again after a reply was lost, cut or late.
///
/// What the probe still holds is read away. Then it is asked two questions whose answers are known and differ in length,
/// GET_VERSION and GET_CURRENT_MODE. It answers in order: when both answers are right, nothing older can follow, and no
/// late reply is taken for a later command's. Where they are not, the endpoints' halts are cleared, which also brings the
/// data toggles into step (USB 2.0, 9.4.5), and at last the USB device is reset, as OpenOCD and probe-rs do.
struct PipeRecovery {
  /// How much is done for a probe that does not come into step.
  enum Effort {
    /// It is asked.
    case asking
    /// Halts are cleared, the device is reset.
    case everything
  }

  /// How the probe was found.
  struct Finding {
    /// What it is doing.
    var mode: STLinkMode
    /// Whether its USB device had to be reset for it.
    var wasReset = false
  }

  let probe: any USBDevice
  let endpoints: STLinkEndpoints
  /// The reply to GET_VERSION of this very probe.
  let versionReply: [UInt8]

  /// The time that stale data get to arrive.
  ///
  /// They lie ready in the probe: a full-speed frame and a hub's delay are 2 ms.
  private static let drainLimit: Duration = .milliseconds(20)
  /// The most that one request for stale data asks for: a multiple of every packet size.
  private static let drainByteCount = 4096
  /// The most requests for stale data: 64 KiB, the longest read a command block can announce.
  private static let drainRequestLimit = 16
  /// A probe that is in order answers within two frames; one whose replies are held up gets more time before its device is
  /// reset, which may lose what it remembers.
  private static let answerLimit: Duration = .milliseconds(500)
  private static let patience: Duration = .seconds(2)
  /// How often the questions are asked before more is done: each late reply spoils one answer.
  private static let rounds = 3
  /// What a probe needs after a reset of its USB device before it takes commands (OpenOCD waits as long).
  private static let resetPause: Duration = .seconds(1)

  /// Brings the probe into step.
  ///
  /// - Returns: how it was found; nil where it is in step in no way.
  /// - Throws: failures that no repetition cures: the probe is gone, or belongs to somebody else.
  func run(_ effort: Effort) throws(LinkError) -> Finding? {
    if let mode = try ask(within: PipeRecovery.answerLimit) { return Finding(mode: mode) }
    guard effort == .everything else { return nil }
    for endpoint in [endpoints.input, endpoints.output] {
      try passing { () throws(LinkError) in try probe.clearStall(on: endpoint) }
    }
    if let mode = try ask(within: PipeRecovery.patience) { return Finding(mode: mode) }
    guard try passing({ () throws(LinkError) in try probe.reset() }) != nil else { return nil }
    probe.clock.wait(for: PipeRecovery.resetPause)
    return try ask(within: PipeRecovery.answerLimit).map { Finding(mode: $0, wasReset: true) }
  }

  /// Takes what the probe still holds for a host that waits for something else.
  static func drain(_ probe: any USBDevice, _ input: Endpoint) {
    for _ in 0..<drainRequestLimit {
      do throws(LinkError) {
        _ = try probe.perform([.bulkIn(input, byteCount: drainByteCount)], within: drainLimit)
      } catch {
        // The time-out that ends the draining is its success; any other failure comes back with the next command.
        if error.partial.isEmpty { return }
      }
    }
  }

  /// Reads away what is there and asks both questions; nil where the answers are wrong.
  private func ask(within limit: Duration) throws(LinkError) -> STLinkMode? {
    for _ in 0..<PipeRecovery.rounds {
      PipeRecovery.drain(probe, endpoints.input)
      guard let version = try answer(to: .getVersion, within: limit) else { return nil }
      guard version == versionReply, let mode = try answer(to: .getCurrentMode, within: limit) else { continue }
      if mode.count == 2, let mode = STLinkMode(rawValue: mode[0]) { return mode }
    }
    return nil
  }

  /// The answer to a command, whatever its length: a stale one must not overflow; nil where none comes.
  private func answer(to command: STLinkCommand, within limit: Duration) throws(LinkError) -> [UInt8]? {
    let packet = probe.identity.speed == .high ? 512 : 64
    return try passing { () throws(LinkError) in
      try probe.perform(
        [.bulkOut(endpoints.output, command.block), .bulkIn(endpoints.input, byteCount: packet)],
        within: limit
      ).last
    } ?? nil
  }

  /// Runs something that may fail in a way that may pass; nil where it does.
  @discardableResult
  private func passing<Value>(_ body: () throws(LinkError) -> Value) throws(LinkError) -> Value? {
    do throws(LinkError) {
      return try body()
    } catch {
      guard error.reason.mayPass else { throw error }
      return nil
    }
  }
}

extension LinkError.Reason {
  /// Whether the same transfer may succeed at another time.
  var mayPass: Bool {
    switch self {
    case .timeout, .stall, .overflow, .shortWrite, .other: true
    case .gone, .denied, .busy, .closed, .divergence: false
    }
  }
}
