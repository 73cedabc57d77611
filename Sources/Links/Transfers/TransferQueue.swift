import LinkInterface

/// One run of transfers that are queued together, from allocation to the last one's return.
///
/// Each transfer goes through its states once: prepared, pending, finished. What is pending belongs to the operating
/// system, so nothing is freed before it has come back; what never comes back is left alone and counted.
struct TransferQueue {
  /// How a transfer failed, and what it had received.
  struct Failure: Error, Equatable {
    var reason: LinkError.Reason
    var partial: [UInt8] = []
  }

  private enum State {
    /// Not handed to the system, because one before it failed first.
    case unsent
    case pending(TransferReference)
    case finished(Result<[UInt8], Failure>)
    /// Still with the system after the grace time.
    case abandoned
  }

  private let runner: BatchRunner
  private let transfers: [Transfer]
  private let deadline: Deadline
  private var states: [State]
  /// Why pending transfers have been cancelled, when it was not for a failure before them.
  private var expiry: LinkError.Reason?
  /// The transfers from this index on have been cancelled already.
  private var cancelledFrom: Int

  /// How many transfers did not come back.
  private(set) var abandonedCount = 0

  /// When the transfers came back, as this program saw it; nil for those that did not.
  private(set) var ends: [Duration?]

  init(runner: BatchRunner, batch: [Transfer], stage: Range<Int>, deadline: Deadline) {
    self.runner = runner
    self.deadline = deadline
    transfers = Array(batch[stage])
    states = Array(repeating: .unsent, count: stage.count)
    ends = Array(repeating: nil, count: stage.count)
    cancelledFrom = stage.count
  }

  /// Performs the run.
  ///
  /// - Returns: one result a transfer, up to and including the first that failed.
  mutating func run() -> [Result<[UInt8], Failure>] {
    submitAll()
    waitUntilDecided()
    takeBackTheRest()
    return results()
  }

  // MARK: Phases

  /// Queues the transfers in order and stops at the first that is refused.
  private mutating func submitAll() {
    guard !runner.clock.hasPassed(deadline) else {
      states[0] = .finished(.failure(Failure(reason: .timeout)))
      return
    }
    for (index, transfer) in transfers.enumerated() {
      if let flaw = transfer.flaw {
        let reason = LinkError.Reason.other(code: USBCallError.invalidParameter.rawValue, text: flaw)
        states[index] = .finished(.failure(Failure(reason: reason)))
        return
      }
      do {
        states[index] = .pending(try submit(transfer))
      } catch {
        states[index] = .finished(.failure(Failure(reason: error.reason)))
        return
      }
    }
  }

  private func submit(_ transfer: Transfer) throws(USBCallError) -> TransferReference {
    let reference = try runner.library.allocate(transfer, on: runner.handle)
    do {
      try runner.library.submit(reference)
      return reference
    } catch {
      runner.library.free(reference)
      throw error
    }
  }

  /// Waits until every transfer has finished, up to the first that failed, or until the deadline.
  ///
  /// What is queued behind a failed transfer is cancelled at once; what is before it may still finish, since its data
  /// belong to the caller.
  private mutating func waitUntilDecided() {
    while true {
      collect()
      let end = firstFailure() ?? transfers.count
      cancel(from: end + 1)
      guard let next = firstPending(), next.index < end else { return }
      let left = runner.clock.remaining(to: deadline)
      guard left > .zero else {
        expiry = .timeout
        return
      }
      do {
        try runner.library.handleEvents(for: left, until: next.reference)
      } catch .interrupted {
        // A signal: whoever wants to stop for it looks between batches; the deadline stands.
        continue
      } catch {
        expiry = error.reason
        return
      }
    }
  }

  /// Cancels what is still pending and waits until the system has given it back.
  private mutating func takeBackTheRest() {
    cancel(from: 0)
    let end = runner.clock.deadline(after: BatchRunner.cancellationGrace)
    while let next = firstPending() {
      let left = runner.clock.remaining(to: end)
      guard left > .zero else { break }
      do {
        try runner.library.handleEvents(for: left, until: next.reference)
      } catch .interrupted {
        continue
      } catch {
        // Event handling itself fails: try again, but slowly, until the grace time is over.
        runner.clock.wait(for: .milliseconds(10))
      }
      collect()
    }
    for index in states.indices {
      if case .pending = states[index] {
        states[index] = .abandoned
        abandonedCount += 1
      }
    }
  }

  /// The results in order, ending with the first failure.
  private func results() -> [Result<[UInt8], Failure>] {
    var results: [Result<[UInt8], Failure>] = []
    for state in states {
      switch state {
      case .finished(.success(let bytes)):
        results.append(.success(bytes))
      case .finished(.failure(let failure)):
        return results + [.failure(failure)]
      case .unsent, .pending, .abandoned:
        return results + [.failure(Failure(reason: expiry ?? .timeout))]
      }
    }
    return results
  }

  // MARK: Steps

  /// Takes over the results of transfers that have come back, and frees them.
  private mutating func collect() {
    for (index, state) in states.enumerated() {
      guard case .pending(let reference) = state, let completion = runner.library.completion(of: reference) else {
        continue
      }
      runner.library.free(reference)
      states[index] = .finished(judge(completion, of: transfers[index]))
      ends[index] = runner.clock.now
    }
  }

  /// Cancels the pending transfers from an index on, last first, so that none of them moves up to the front.
  private mutating func cancel(from start: Int) {
    guard start < cancelledFrom else { return }
    for index in (start..<cancelledFrom).reversed() {
      guard case .pending(let reference) = states[index] else { continue }
      // A refusal means that it has finished or is being given back: either way it is waited for.
      try? runner.library.cancel(reference)
    }
    cancelledFrom = start
  }

  private func firstFailure() -> Int? {
    states.firstIndex { state in
      if case .finished(.failure) = state { true } else { false }
    }
  }

  private func firstPending() -> (index: Int, reference: TransferReference)? {
    for (index, state) in states.enumerated() {
      if case .pending(let reference) = state { return (index, reference) }
    }
    return nil
  }

  private func judge(_ completion: TransferCompletion, of transfer: Transfer) -> Result<[UInt8], Failure> {
    let reason: LinkError.Reason
    switch completion.status {
    case .completed where completion.byteCount < transfer.outgoingByteCount:
      reason = .shortWrite(sent: completion.byteCount)
    case .completed:
      return .success(completion.data)
    case .failed:
      reason = USBCallError.io.reason
    case .timedOut:
      reason = .timeout
    case .cancelled:
      reason = expiry ?? .other(code: USBCallError.io.rawValue, text: "the operating system cancelled the transfer")
    case .stall:
      reason = .stall
    case .noDevice:
      reason = .gone
    case .overflow:
      reason = .overflow
    case .unknown(let value):
      reason = .other(code: Int32(truncatingIfNeeded: value), text: "unknown libusb transfer status \(value)")
    }
    return .failure(Failure(reason: reason, partial: completion.data))
  }
}
