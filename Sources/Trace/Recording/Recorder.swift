package import LinkInterface

/// A probe that passes everything to another probe and writes down what went over the cable.
///
/// The file begins with the device's descriptors, and what came of a call is handed to the sink before the next one.
/// Requests of a batch are recorded as submitted when the batch is handed over, and as completed at the times that the
/// probe tells; where it tells none, when the batch comes back.
///
/// A sink that fails ends the recording and not the session: `failure` says so.
package final class Recorder: USBDevice {
  private let probe: any USBDevice
  private let writer: CaptureWriter

  /// How long the device may take to tell a descriptor.
  private static let descriptorLimit = Duration.milliseconds(500)

  /// Begins a recording: writes the file's head and the device's descriptors.
  ///
  /// - Parameters:
  ///   - probe: the probe to record; nobody else may use it from here on.
  ///   - options: what goes into the file besides the traffic.
  ///   - sink: takes the file's bytes, block by block.
  package init(
    _ probe: any USBDevice, options: RecorderOptions = RecorderOptions(), sink: @escaping CaptureWriter.Sink
  ) {
    self.probe = probe
    writer = CaptureWriter(probe.identity, clock: probe.clock, options: options, sink: sink)
    writer.recordDescriptors { setup in
      guard options.asksForDescriptors else { return nil }
      let deadline = probe.clock.deadline(after: Recorder.descriptorLimit)
      // The refusal is on record; what is known of the device takes its place.
      return (try? perform([.controlIn(setup)], by: deadline))?.first
    }
  }

  /// Why the recording ended before the session did; nil while it goes on.
  package var failure: (any Error)? { writer.failure }

  /// What the recorded probe says of itself.
  package var identity: USBIdentity { probe.identity }

  /// The recorded probe's clock.
  package var clock: any LinkClock { probe.clock }

  /// When the transfers of the last batch ended, as far as the recorded probe knows.
  package var completionTimes: [Duration] { probe.completionTimes }

  /// Adds a fact that was not known at the start, such as the chip behind the probe; it goes with the next packet.
  package func note(_ key: String, _ value: String) {
    writer.note(key, value)
  }

  /// Performs a batch on the recorded probe and records it.
  package func perform(_ transfers: [Transfer], by deadline: Deadline) throws(LinkError) -> [[UInt8]] {
    guard writer.isWriting, !transfers.isEmpty else { return try probe.perform(transfers, by: deadline) }
    let ids = writer.submit(transfers)
    do throws(LinkError) {
      let replies = try probe.perform(transfers, by: deadline)
      complete(ids, transfers, replies.map { .completed($0) }, at: probe.completionTimes)
      return replies
    } catch {
      complete(ids, transfers, Recorder.outcomes(of: error), at: probe.completionTimes)
      throw error
    }
  }

  /// Clears a stalled endpoint of the recorded probe; recorded as the control transfer that it is.
  package func clearStall(on endpoint: Endpoint) throws(LinkError) {
    try recordControl(StandardRequest.clearHalt(of: endpoint)) { () throws(LinkError) in
      try probe.clearStall(on: endpoint)
    }
  }

  /// Resets the recorded probe; recorded as the SET_ADDRESS that follows a reset on the bus.
  package func reset() throws(LinkError) {
    let address = max(1, probe.identity.location.address)
    try recordControl(StandardRequest.setAddress(address)) { () throws(LinkError) in try probe.reset() }
  }

  /// Ends the recording and closes the recorded probe.
  package func close() {
    finish()
    probe.close()
  }

  /// Ends the recording; later calls pass through without being recorded.
  ///
  /// May be called twice.
  package func finish() {
    writer.finish()
  }

  // MARK: Outcomes

  /// Records the ends of a batch in the order in which they happened; what has no outcome was taken back.
  ///
  /// - Parameter times: when the first transfers ended; those that it does not tell of end now.
  private func complete(
    _ ids: [CaptureWriter.RequestID], _ transfers: [Transfer], _ outcomes: [Exchange.Outcome],
    at times: [Duration] = []
  ) {
    let now = probe.clock.now
    let ends = transfers.indices.map { times.indices.contains($0) ? min(times[$0], now) : now }
    let order = transfers.indices.sorted { (ends[$0], $0) < (ends[$1], $1) }
    writer.complete(
      order.map { index in
        let outcome: Exchange.Outcome =
          outcomes.indices.contains(index) ? outcomes[index] : .failed(.cancelled, partial: [], sent: 0)
        return CaptureWriter.RequestEnd(
          id: ids[index], transfer: transfers[index], outcome: outcome, time: ends[index])
      })
  }

  /// What a failed batch did: the transfers that ended well, then the one that failed.
  private static func outcomes(of error: LinkError) -> [Exchange.Outcome] {
    let failed = error.transferIndex ?? error.completed.count
    var outcomes: [Exchange.Outcome] = (0..<failed).map { index in
      .completed(error.completed.indices.contains(index) ? error.completed[index] : [])
    }
    outcomes.append(
      .failed(USBStatus(error.reason), partial: error.partial, sent: Int(error.reason.sentByteCount ?? 0)))
    return outcomes
  }

  private func recordControl(
    _ setup: ControlSetup, _ action: () throws(LinkError) -> Void
  ) throws(LinkError) {
    guard writer.isWriting else { return try action() }
    let transfer = Transfer.controlOut(setup, [])
    let ids = writer.submit([transfer])
    do throws(LinkError) {
      try action()
      complete(ids, [transfer], [.completed([])])
    } catch {
      complete(ids, [transfer], [.failed(USBStatus(error.reason), partial: [], sent: 0)])
      throw error
    }
  }
}
