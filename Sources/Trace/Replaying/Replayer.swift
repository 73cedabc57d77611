package import LinkInterface

/// A probe that is a recording: it answers what the recorded probe answered, and fails as it failed.
///
/// Strict replay takes the recording in order; whatever differs from it in any byte that no mask covers is an error with
/// the reason `divergence`, and so is every later call, with the first divergence's words. Requests that an operating
/// system sends on its own account (descriptors, configuration) may be in the recording without being asked for again.
/// Lenient replay looks for the same command further on, then from the start, and is for exploring.
package final class Replayer: USBDevice {
  /// How closely a program has to follow the recording.
  package enum Mode: Sendable, Equatable {
    /// In order and byte by byte.
    case strict
    /// By looking up.
    case lenient
  }

  private let exchanges: [Exchange]
  private let matcher: ExchangeMatcher
  private let mode: Mode
  private let replayClock = ReplayClock()
  private var position = 0
  private var isClosed = false

  /// What the recorded probe said of itself.
  package let identity: USBIdentity

  /// The first place at which the program parted from the recording; nil as long as it follows.
  package private(set) var divergence: Divergence?

  /// Makes a probe of a session.
  ///
  /// - Parameters:
  ///   - session: the recording; its own masks hold.
  ///   - mode: how closely to follow it.
  ///   - masks: more bytes that may differ.
  ///   - identity: what the probe is to say of itself where the recording does not tell; without it, ids of zero.
  package init(_ session: Recording, mode: Mode = .strict, masks: [MaskRule] = [], identity: USBIdentity? = nil) {
    exchanges = session.exchanges
    matcher = ExchangeMatcher(session.exchanges, masks: session.masks + masks)
    self.mode = mode
    self.identity =
      session.identity ?? identity
      ?? USBIdentity(vendorID: 0, productID: 0, deviceRelease: 0, speed: .unknown, location: session.location)
    // What an operating system or a recorder asked first was no part of the program's time.
    let begin = exchanges.indices.first { !isPassedOver($0) }.flatMap { exchanges[$0].submitted }
    replayClock.advance(to: begin ?? .zero)
  }

  /// The recording's time.
  package var clock: any LinkClock { replayClock }

  /// The number of recorded transfers that have been asked for or passed over so far.
  package var replayedCount: Int { position }

  /// What a strict replay has left of the recording when the program has ended; nil when nothing of weight is left.
  package var leftOver: Divergence? {
    let left = exchanges.indices.filter { $0 >= position && !isPassedOver($0) && exchanges[$0].outcome != .unknown }
    guard mode == .strict, let next = left.first else { return nil }
    return Divergence(
      exchange: next, of: exchanges.count, .leftOver(count: left.count, next: exchanges[next].request.summary))
  }

  /// Answers a batch out of the recording.
  package func perform(_ transfers: [Transfer], by deadline: Deadline) throws(LinkError) -> [[UInt8]] {
    try checkOpen()
    var completed: [[UInt8]] = []
    for (index, transfer) in transfers.enumerated() {
      let exchange: Exchange
      do throws(Mismatch) {
        exchange = try next(for: transfer)
      } catch {
        throw LinkError(note(error), at: index, of: transfers, completed: completed)
      }
      replayClock.advance(to: exchange.orderingTime)
      switch exchange.outcome {
      case .completed(let bytes):
        completed.append(bytes)
      case .failed(let status, let partial, let sent):
        passCancelled(transfers.dropFirst(index + 1))
        let isShort = status == .success && !transfer.isInput
        throw LinkError(
          isShort ? .shortWrite(sent: sent) : status.reason, at: index, of: transfers, completed: completed,
          partial: partial)
      case .unknown:
        let mismatch = Mismatch(position: position - 1, difference: .unknownOutcome)
        throw LinkError(note(mismatch), at: index, of: transfers, completed: completed)
      }
    }
    return completed
  }

  /// Clears a stall where the recording has it too.
  package func clearStall(on endpoint: Endpoint) throws(LinkError) {
    try performControl(StandardRequest.clearHalt(of: endpoint))
  }

  /// Resets the probe where the recording has it too.
  package func reset() throws(LinkError) {
    try performControl(StandardRequest.setAddress(identity.location.address))
  }

  /// Ends the replay; every later call throws.
  package func close() {
    isClosed = true
  }

  // MARK: Looking up

  /// A difference and the place of it.
  private struct Mismatch: Error {
    var position: Int
    var difference: Divergence.Difference
  }

  private func checkOpen() throws(LinkError) {
    guard !isClosed else { throw LinkError(.closed) }
    if let divergence { throw LinkError(.divergence(divergence.description)) }
  }

  /// Keeps the first divergence of a strict replay and returns the reason to throw.
  private func note(_ mismatch: Mismatch) -> LinkError.Reason {
    let found = Divergence(exchange: mismatch.position, of: exchanges.count, mismatch.difference)
    if mode == .strict { divergence = divergence ?? found }
    return .divergence((divergence ?? found).description)
  }

  private func performControl(_ setup: ControlSetup) throws(LinkError) {
    do throws(LinkError) {
      _ = try perform([.controlOut(setup, [])], by: Deadline(time: replayClock.now))
    } catch {
      // Nobody asked for a place in a batch. What a lenient replay does not find has worked.
      if case .divergence = error.reason, mode == .lenient { return }
      throw LinkError(error.reason)
    }
  }

  private func next(for wanted: Transfer) throws(Mismatch) -> Exchange {
    switch mode {
    case .strict: try nextInOrder(for: wanted)
    case .lenient: try nextByLookup(for: wanted)
    }
  }

  private func nextInOrder(for wanted: Transfer) throws(Mismatch) -> Exchange {
    if let setup = wanted.setup, isOptional(setup) {
      return try answerOptional(wanted)
    }
    while position < exchanges.count, isPassedOver(position) { position += 1 }
    guard position < exchanges.count else {
      throw Mismatch(position: position, difference: .end(got: wanted.summary))
    }
    let (recorded, next) = matcher.recorded(from: position, for: wanted)
    if let difference = matcher.difference(recorded, at: position, from: wanted) {
      throw Mismatch(position: position, difference: difference)
    }
    position = next
    return recorded
  }

  /// Answers a request that the recording may hold anywhere, or more than once.
  private func answerOptional(_ wanted: Transfer) throws(Mismatch) -> Exchange {
    let order = Array(position..<exchanges.count) + Array(0..<position)
    guard
      let found = order.first(where: { matcher.difference(exchanges[$0], at: $0, from: wanted) == nil })
    else {
      throw Mismatch(position: position, difference: .notFound(got: wanted.summary))
    }
    if found == position { position += 1 }
    return exchanges[found]
  }

  /// The next transfer like the wanted one; a reply has to come before the next command.
  private func nextByLookup(for wanted: Transfer) throws(Mismatch) -> Exchange {
    var order = Array(position..<exchanges.count)
    if wanted.isInput, wanted.setup == nil {
      order = order.prefix { exchanges[$0].request.isInput || exchanges[$0].request.setup != nil }
    } else {
      order += 0..<position
    }
    for candidate in order {
      var (recorded, next) = matcher.recorded(from: candidate, for: wanted)
      guard recorded.outcome != .unknown else { continue }
      if case .bulkIn(_, let byteCount) = wanted, recorded.request.hasKind(of: wanted) {
        recorded.shorten(to: byteCount)
      } else if matcher.difference(recorded, at: candidate, from: wanted) != nil {
        continue
      }
      position = next
      return recorded
    }
    throw Mismatch(position: position, difference: .notFound(got: wanted.summary))
  }

  /// Passes over what was taken back behind a transfer that failed.
  private func passCancelled(_ rest: ArraySlice<Transfer>) {
    for transfer in rest {
      guard position < exchanges.count, case .failed(.cancelled, _, _) = exchanges[position].outcome,
        matcher.difference(exchanges[position], at: position, from: transfer) == nil
      else { return }
      position += 1
    }
  }

  /// Whether a recorded transfer need not be asked for.
  private func isPassedOver(_ index: Int) -> Bool {
    exchanges[index].request.setup.map(isOptional) ?? false
  }

  /// Standard requests come from the operating system too; clearing a stall and a reset are a program's own doing.
  private func isOptional(_ setup: ControlSetup) -> Bool {
    StandardRequest.isStandard(setup) && !StandardRequest.isClearHalt(setup) && !StandardRequest.isSetAddress(setup)
  }
}

extension Exchange {
  /// Cuts what came in to a number of bytes.
  fileprivate mutating func shorten(to byteCount: Int) {
    if case .completed(let bytes) = outcome {
      outcome = .completed(Array(bytes.prefix(byteCount)))
    }
  }
}
