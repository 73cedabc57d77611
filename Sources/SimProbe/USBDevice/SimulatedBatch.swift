import LinkInterface

/// One batch of transfers on a simulated device.
///
/// All transfers count as queued at once: an IN transfer waits beside the OUT transfers behind it, so it may stand
/// before the command that it answers.
struct SimulatedBatch {
  private let transfers: [Transfer]
  private let deadline: Deadline
  private let device: SimulatedUSBDevice
  private var results: [[UInt8]]
  /// The IN transfers that wait for data, in order.
  private var waiting: [Int] = []
  private var ends: [Duration?]

  /// When the transfers ended, up to the first that did not.
  var completionTimes: [Duration] {
    ends.prefix { $0 != nil }.compactMap { $0 }
  }

  init(_ transfers: [Transfer], deadline: Deadline, device: SimulatedUSBDevice) {
    self.transfers = transfers
    self.deadline = deadline
    self.device = device
    results = Array(repeating: [], count: transfers.count)
    ends = Array(repeating: nil, count: transfers.count)
  }

  /// Performs the batch.
  mutating func run() throws(LinkError) -> [[UInt8]] {
    for index in transfers.indices {
      guard device.isPlugged else { throw failure(.gone, at: waiting.first ?? index) }
      switch transfers[index] {
      case .bulkOut(let endpoint, let bytes): try output(bytes, to: endpoint, at: index)
      case .bulkIn: waiting.append(index)
      case .controlOut(let setup, let data):
        try spendTransferTime(at: index)
        guard device.controlOut(setup, data) else { throw failure(.stall, at: index) }
        ends[index] = device.clock.now
      case .controlIn(let setup):
        try spendTransferTime(at: index)
        guard let reply = device.controlIn(setup) else { throw failure(.stall, at: index) }
        results[index] = reply
        ends[index] = device.clock.now
      }
      try collectReplies()
    }
    while !waiting.isEmpty, let due = device.nextReplyTime, .nanoseconds(Int64(clamping: due)) < deadline.time {
      device.clock.advance(to: due)
      try collectReplies()
    }
    if let first = waiting.first {
      guard device.isPlugged else { throw failure(.gone, at: first) }
      // Nothing else will come: nobody but this host sends commands.
      expire()
      throw failure(.timeout, at: first)
    }
    return results
  }

  private mutating func output(_ bytes: [UInt8], to endpoint: Endpoint, at index: Int) throws(LinkError) {
    try spendTransferTime(at: index)
    let arrival = device.clock.now
    switch device.bulkOut(endpoint.rawValue, bytes) {
    case .taken:
      // The last packet sits in the device's buffer while it is worked on; the ones before it had to wait for room.
      let isBuffered = bytes.count <= device.profile.product.bulkPacketSize
      guard isBuffered || !device.clock.hasPassed(deadline) else { throw failure(.timeout, at: index) }
      ends[index] = isBuffered ? arrival : device.clock.now
    case .notReady:
      guard device.isPlugged else { throw failure(.gone, at: waiting.first ?? index) }
      // The host's controller goes on asking until the device takes the transfer or the deadline has come.
      if device.busyUntil > device.clock.nanoseconds, .nanoseconds(Int64(clamping: device.busyUntil)) < deadline.time {
        device.clock.advance(to: device.busyUntil)
        return try output(bytes, to: endpoint, at: index)
      }
      expire()
      throw failure(.timeout, at: index)
    case .stalled: throw failure(.stall, at: index)
    case .noEndpoint: throw failure(SimulatedBatch.noEndpoint(endpoint), at: index)
    }
  }

  /// Gives what the device has to the IN transfers that wait, first come, first served.
  private mutating func collectReplies() throws(LinkError) {
    while let index = waiting.first, case .bulkIn(let endpoint, let byteCount) = transfers[index] {
      guard device.clock.now < deadline.time else { throw failure(.timeout, at: index) }
      switch device.bulkIn(endpoint.rawValue, byteCount: byteCount, into: &results[index]) {
      case .complete:
        waiting.removeFirst()
        device.clock.advance(by: device.transferTime)
        ends[index] = device.clock.now
      case .notReady: return
      case .overflow: throw failure(.overflow, at: index)
      case .stalled: throw failure(.stall, at: index)
      case .noEndpoint: throw failure(SimulatedBatch.noEndpoint(endpoint), at: index)
      }
    }
  }

  /// The time of one transfer; none is begun that could not end by the deadline.
  private func spendTransferTime(at index: Int) throws(LinkError) {
    let cost = device.transferTime
    guard device.clock.now + .nanoseconds(Int64(cost)) <= deadline.time else {
      expire()
      throw failure(.timeout, at: waiting.first ?? index)
    }
    device.clock.advance(by: cost)
  }

  /// Lets the time pass that the host waits in vain.
  private func expire() {
    device.clock.wait(for: device.clock.remaining(to: deadline))
  }

  private func failure(_ reason: LinkError.Reason, at index: Int) -> LinkError {
    LinkError(
      reason, at: index, of: transfers, completed: Array(results[..<index]),
      partial: transfers[index].isBulkInput ? results[index] : [])
  }

  /// What a USB stack says of an endpoint that no descriptor lists.
  private static func noEndpoint(_ endpoint: Endpoint) -> LinkError.Reason {
    .other(code: -5, text: "the device has no endpoint 0x\(String(endpoint.rawValue, radix: 16))")
  }
}

extension Transfer {
  fileprivate var isBulkInput: Bool {
    if case .bulkIn = self { true } else { false }
  }
}
