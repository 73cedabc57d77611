import ProbeInterface
import SimProbe

/// A device file that a program has opened: its transfers, those under way and those that are done.
final class DeviceFile {
  /// What a request comes to.
  enum Outcome: Equatable {
    /// Success, with ioctl's result.
    case done(Int32)
    /// Failure.
    case failed(LinuxError)
    /// The program wants a finished transfer and none is finished yet.
    ///
    /// With `mayFail` it does not wait: the answer is EAGAIN.
    case reaping(address: UInt64, mayFail: Bool)
  }

  let node: DeviceNode
  private(set) var pending: [RequestBlock] = []
  private(set) var finished: [RequestBlock] = []

  init(node: DeviceNode) {
    self.node = node
  }

  /// Whether a transfer is under way whose end the program may wait for.
  var isBusy: Bool { !pending.isEmpty }
  /// Whether a transfer can be reaped.
  var hasFinished: Bool { !finished.isEmpty }

  /// The program has closed the file or has ended.
  func close() {
    pending = []
    finished = []
    node.forget(self)
  }

  // MARK: Transfers

  /// Takes a transfer over.
  func submit(_ block: RequestBlock) throws(LinuxError) {
    if block.kind == .bulk || block.endpoint.number != 0 {
      guard let interface = node.descriptors.interface(of: block.endpoint) else { throw .noEntry }
      // The kernel claims for a program that has forgotten to.
      try node.claim(interface, for: self)
    }
    pending.append(block)
    node.pump()
  }

  /// Ends a transfer before its time.
  func discard(_ address: UInt64) throws(LinuxError) {
    guard let index = pending.firstIndex(where: { $0.address == address }) else { throw .invalid }
    finish(at: index, .noEntry)
  }

  /// Ends all transfers.
  func cancelAll(_ reason: LinuxError) {
    while !pending.isEmpty { finish(at: 0, reason) }
  }

  /// Ends the transfers of one interface.
  func cancel(on interface: UInt8) {
    while let index = pending.firstIndex(where: { node.descriptors.interface(of: $0.endpoint) == interface }) {
      finish(at: index, .noEntry)
    }
  }

  /// Tells the program of the transfer that was finished first; false when there is none.
  func reap(to address: UInt64, memory: some ClientMemory) throws(ClientGone) -> Bool {
    guard !finished.isEmpty else { return false }
    let block = finished.removeFirst()
    try block.store(to: memory)
    try memory.write(block.address.littleEndianBytes, at: address)
    return true
  }

  /// Performs what can be performed, the transfers of each endpoint in their order; true when one has finished.
  func pump() -> Bool {
    var waitingEndpoints: Set<Endpoint> = []
    var hasMoved = false
    var index = 0
    while index < pending.count {
      guard node.isPlugged else {
        cancelAll(.shutdown)
        return true
      }
      let endpoint = pending[index].endpoint
      if waitingEndpoints.contains(endpoint) {
        index += 1
      } else if let end = perform(&pending[index]) {
        finish(at: index, end.failure)
        hasMoved = true
      } else {
        waitingEndpoints.insert(endpoint)
        index += 1
      }
    }
    return hasMoved
  }

  /// How a transfer has ended.
  private struct End {
    var failure: LinuxError?
  }

  /// Tries a transfer; nil while the device is not ready for it.
  private func perform(_ block: inout RequestBlock) -> End? {
    if let setup = block.setup {
      switch node.served.request({ $0.control(setup, data: block.output) }) {
      case .complete(let received):
        block.received = Array(received.prefix(Int(setup.length)))
        return End()
      case .stall: return End(failure: .brokenPipe)
      case .silence: return End(failure: .noProtocol)
      }
    }
    let answer = node.served.move(&block)
    if answer == .notReady { return nil }
    return End(failure: node.isPlugged ? LinuxError(answer) : .shutdown)
  }

  private func finish(at index: Int, _ failure: LinuxError?) {
    var block = pending.remove(at: index)
    block.failure = failure
    finished.append(block)
  }
}

extension ServedDevice {
  /// Tries a bulk transfer, and counts it when it is complete.
  func move(_ block: inout RequestBlock) -> BulkAnswer {
    let answer = request { device in
      block.isInput
        ? device.receive(atMost: block.bufferByteCount, from: block.endpoint, into: &block.received)
        : device.send(block.output, to: block.endpoint)
    }
    guard answer == .complete else { return answer }
    if block.isInput {
      traffic.inputCount += 1
      traffic.inputBytes += block.received.count
    } else {
      traffic.outputCount += 1
      traffic.outputBytes += block.output.count
    }
    return answer
  }
}

extension LinuxError {
  /// How a transfer's end is told; nil for a transfer that is complete, or not ended.
  init?(_ answer: BulkAnswer) {
    switch answer {
    case .complete, .notReady: return nil
    case .stall: self = .brokenPipe
    case .overflow: self = .overflow
    case .silence: self = .noProtocol
    }
  }
}
