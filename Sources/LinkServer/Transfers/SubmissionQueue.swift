import LinkInterface
import SimProbe

/// The transfers of one host on one device: those under way, and those that have ended and are not reported yet.
struct SubmissionQueue<Submitted: SubmittedTransfer> {
  /// The transfers under way, in the order in which they came.
  private(set) var pending: [Submitted] = []
  private var finished: [Submitted] = []

  /// Whether a transfer has ended that the host does not know of.
  var hasFinished: Bool { !finished.isEmpty }

  /// Takes a transfer over.
  mutating func append(_ transfer: Submitted) {
    pending.append(transfer)
  }

  /// The transfer that ended first of those that the host does not know of; nil when there is none.
  mutating func takeFinished() -> Submitted? {
    finished.isEmpty ? nil : finished.removeFirst()
  }

  /// Ends the transfers for which `isMeant` holds; false when there are none.
  ///
  /// - Parameter device: who has been offered them; the first of an endpoint is taken back from there.
  mutating func cancel(
    _ reason: LinuxError, on device: ServedDevice, where isMeant: (Submitted) -> Bool
  ) -> Bool {
    var hasCancelled = false
    while let index = pending.firstIndex(where: isMeant) {
      takeBack(index, from: device)
      finish(at: index, reason)
      hasCancelled = true
    }
    return hasCancelled
  }

  /// Drops a transfer under way without a report; false when it is not under way.
  mutating func withdraw(_ id: UInt64, from device: ServedDevice?) -> Bool {
    guard let index = pending.firstIndex(where: { $0.id == id }) else { return false }
    if let device { takeBack(index, from: device) }
    pending.remove(at: index)
    return true
  }

  /// Performs what can be performed, the transfers of each endpoint in their order; true when one has ended.
  mutating func pump(on device: ServedDevice) -> Bool {
    var waitingEndpoints: Set<Endpoint> = []
    var hasMoved = false
    var index = 0
    while index < pending.count {
      guard device.device.isPlugged else { return cancel(.shutdown, on: device) { _ in true } }
      let endpoint = pending[index].endpoint
      if waitingEndpoints.contains(endpoint) {
        index += 1
        continue
      }
      switch device.perform(&pending[index]) {
      case nil:
        waitingEndpoints.insert(endpoint)
        index += 1
      case .complete:
        finish(at: index, nil)
        hasMoved = true
      case .failed(let reason):
        finish(at: index, reason)
        hasMoved = true
      }
    }
    return hasMoved
  }

  /// Takes a transfer back that the device may have been offered: the first one of its endpoint.
  private func takeBack(_ index: Int, from device: ServedDevice) {
    let endpoint = pending[index].endpoint
    if pending.firstIndex(where: { $0.endpoint == endpoint }) == index { device.device.withdraw(from: endpoint) }
  }

  private mutating func finish(at index: Int, _ failure: LinuxError?) {
    var transfer = pending.remove(at: index)
    transfer.failure = failure
    finished.append(transfer)
  }
}
