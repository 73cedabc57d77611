import LinkInterface

/// Performs batches of transfers on an open device.
///
/// All bulk transfers of a batch are queued before the first of them is waited for, so that the bus goes from command to
/// data to status without a round trip through this program. A control transfer uses another pipe, whose order against
/// the bulk pipes nothing guarantees; it is therefore performed alone, between what comes before and after it.
struct BatchRunner {
  let library: any USBLibrary
  let handle: HandleReference
  let clock: any LinkClock

  /// How long a cancelled transfer may take to come back before it is given up.
  ///
  /// Host controllers give one back within a few frames of 1 ms; a second is far beyond any of them.
  static let cancellationGrace: Duration = .seconds(1)

  /// What became of a batch.
  struct Outcome {
    /// What came in, one element a transfer; or how the batch failed.
    var result: Result<[[UInt8]], LinkError>
    /// The transfers that did not come back after they had been cancelled.
    ///
    /// Their memory still belongs to the operating system and is never freed.
    var abandonedCount: Int
    /// When the transfers that succeeded came back, in order.
    var completionTimes: [Duration] = []
  }

  /// Performs a batch; see `USBDevice.perform(_:by:)`.
  func run(_ batch: [Transfer], by deadline: Deadline) -> Outcome {
    var received: [[UInt8]] = []
    var ends: [Duration] = []
    for stage in BatchRunner.stages(of: batch) {
      var queue = TransferQueue(runner: self, batch: batch, stage: stage, deadline: deadline)
      let results = queue.run()
      let abandonedCount = queue.abandonedCount
      for (result, end) in zip(results, queue.ends) {
        switch result {
        case .success(let bytes):
          received.append(bytes)
          ends.append(end ?? clock.now)
        case .failure(let failure):
          let error = LinkError(
            failure.reason, at: received.count, of: batch, completed: received, partial: failure.partial)
          return Outcome(result: .failure(error), abandonedCount: abandonedCount, completionTimes: ends)
        }
      }
    }
    return Outcome(result: .success(received), abandonedCount: 0, completionTimes: ends)
  }

  /// The runs of transfers that may be queued together.
  static func stages(of batch: [Transfer]) -> [Range<Int>] {
    var stages: [Range<Int>] = []
    var bulkStart: Int?
    for (index, transfer) in batch.enumerated() {
      if transfer.isControl {
        if let start = bulkStart { stages.append(start..<index) }
        bulkStart = nil
        stages.append(index..<index + 1)
      } else if bulkStart == nil {
        bulkStart = index
      }
    }
    if let start = bulkStart { stages.append(start..<batch.count) }
    return stages
  }
}

extension Transfer {
  /// Whether this goes through the control pipe.
  var isControl: Bool {
    switch self {
    case .controlIn, .controlOut: true
    case .bulkIn, .bulkOut: false
    }
  }

  /// The number of bytes that have to go out.
  var outgoingByteCount: Int {
    switch self {
    case .bulkOut(_, let data), .controlOut(_, let data): data.count
    case .bulkIn, .controlIn: 0
    }
  }

  /// What makes this a transfer that no bus can carry; nil when it is sound.
  var flaw: String? {
    switch self {
    case .bulkOut(let endpoint, _):
      endpoint.isInput ? "an OUT transfer names an IN endpoint" : nil
    case .bulkIn(let endpoint, let byteCount):
      if !endpoint.isInput {
        "an IN transfer names an OUT endpoint"
      } else {
        byteCount < 0 ? "an IN transfer asks for fewer than no bytes" : nil
      }
    case .controlOut(let setup, let data):
      if setup.requestType & 0x80 != 0 {
        "a control OUT transfer has the setup packet of an IN transfer"
      } else {
        Int(setup.length) == data.count ? nil : "wLength differs from the size of the data stage"
      }
    case .controlIn(let setup):
      setup.requestType & 0x80 == 0 ? "a control IN transfer has the setup packet of an OUT transfer" : nil
    }
  }
}
