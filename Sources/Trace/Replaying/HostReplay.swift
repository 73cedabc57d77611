package import LinkInterface

/// Sends the host's side of a recorded session to a probe and keeps what it answers.
///
/// Each transfer is made no sooner than it was in the recording, by the probe's clock. Requests that an operating system
/// makes on its own account (descriptors, configuration) are left out, and so is what the recording shows as taken back.
package struct HostReplay {
  /// What the probe made of one recorded transfer.
  package struct Answer: Sendable, Equatable {
    /// The position in the recorded session.
    package var position: Int
    /// The recorded transfer.
    package var recorded: Exchange
    /// The same transfer as the probe performed it.
    package var performed: Exchange
    /// The first byte of what came in that differs and that no mask covers, from 0; the length of the shorter one where
    /// only the lengths differ; nil where the answers agree.
    package var differingByte: Int?
    /// Whether one ended well and the other failed, or they failed in different ways.
    package var differsInOutcome: Bool

    /// Whether the probe answered as recorded.
    package var agrees: Bool { differingByte == nil && !differsInOutcome }
  }

  /// How long a probe gets where the recording does not show that it took longer or that it gave up.
  private static let usualLimit = Duration.seconds(5)

  private let session: Recording
  private let probe: any USBDevice
  private let masks: MaskedBytes
  private let endpoints: [Endpoint: Endpoint]
  private let skipped: Set<Int>

  /// Prepares a replay.
  ///
  /// - Parameters:
  ///   - session: the recording; its own masks hold.
  ///   - probe: who is to answer.
  ///   - masks: more bytes that may differ.
  ///   - endpoints: the probe's endpoints by those of the recording, where they differ.
  ///   - skipped: positions of transfers that are not to be sent.
  package init(
    _ session: Recording, to probe: any USBDevice, masks: [MaskRule] = [], endpoints: [Endpoint: Endpoint] = [:],
    skipping skipped: Set<Int> = []
  ) {
    self.session = session
    self.probe = probe
    self.masks = MaskedBytes(session.masks + masks, in: session.exchanges)
    self.endpoints = endpoints
    self.skipped = skipped
  }

  /// Sends everything.
  package func run() -> [Answer] {
    let begin = probe.clock.now
    return session.exchanges.enumerated().compactMap { position, recorded in
      guard isSent(recorded), !skipped.contains(position) else { return nil }
      if let submitted = recorded.submitted { probe.clock.wait(for: begin + submitted - probe.clock.now) }
      return compare(recorded, perform(recorded, since: begin), at: position)
    }
  }

  private func isSent(_ exchange: Exchange) -> Bool {
    if case .failed(.cancelled, _, _) = exchange.outcome { return false }
    guard let setup = exchange.request.setup else { return true }
    return !StandardRequest.isStandard(setup) || StandardRequest.isClearHalt(setup)
      || StandardRequest.isSetAddress(setup)
  }

  private func perform(_ recorded: Exchange, since begin: Duration) -> Exchange {
    let submitted = probe.clock.now - begin
    let outcome: Exchange.Outcome
    do throws(LinkError) {
      outcome = .completed(try reply(to: recorded, since: begin))
    } catch {
      outcome = .failed(
        USBStatus(error.reason), partial: error.partial, sent: Int(error.reason.sentByteCount ?? 0))
    }
    return Exchange(recorded.request, outcome, submitted: submitted, completed: probe.clock.now - begin)
  }

  private func reply(to recorded: Exchange, since begin: Duration) throws(LinkError) -> [UInt8] {
    if let setup = recorded.request.setup {
      if StandardRequest.isSetAddress(setup) {
        try probe.reset()
        return []
      }
      if StandardRequest.isClearHalt(setup) {
        let endpoint = Endpoint(rawValue: UInt8(truncatingIfNeeded: setup.index))
        try probe.clearStall(on: endpoints[endpoint] ?? endpoint)
        return []
      }
    }
    return try probe.perform([translated(recorded.request)], by: deadline(of: recorded, since: begin)).first ?? []
  }

  /// A recorded time-out ends when it did; anything else gets as long as it takes.
  private func deadline(of recorded: Exchange, since begin: Duration) -> Deadline {
    if case .failed(let status, _, _) = recorded.outcome, status.reason == .timeout, let end = recorded.completed {
      return Deadline(time: begin + end)
    }
    return probe.clock.deadline(after: HostReplay.usualLimit)
  }

  private func translated(_ transfer: Transfer) -> Transfer {
    switch transfer {
    case .bulkOut(let endpoint, let bytes): .bulkOut(endpoints[endpoint] ?? endpoint, bytes)
    case .bulkIn(let endpoint, let count): .bulkIn(endpoints[endpoint] ?? endpoint, byteCount: count)
    case .controlIn, .controlOut: transfer
    }
  }

  private func compare(_ recorded: Exchange, _ performed: Exchange, at position: Int) -> Answer {
    let expected = recorded.incomingBytes
    let got = performed.incomingBytes
    let isComparable = recorded.outcome != .unknown
    var byte = zip(expected, got).enumerated().first { offset, pair in
      pair.0 != pair.1 && !masks.coversIncoming(offset, at: position)
    }?.offset
    let isShort = recorded.gaps.contains(.incomingBytes) ? expected.count > got.count : expected.count != got.count
    if byte == nil && isShort { byte = min(expected.count, got.count) }
    return Answer(
      position: position, recorded: recorded, performed: performed, differingByte: isComparable ? byte : nil,
      differsInOutcome: isComparable && recorded.status != performed.status)
  }
}

extension Exchange {
  /// How the transfer ended; nil where nobody knows.
  fileprivate var status: USBStatus? {
    switch outcome {
    case .completed: .success
    case .failed(let status, _, _): status.reason == .timeout ? .timeout : status
    case .unknown: nil
    }
  }
}
