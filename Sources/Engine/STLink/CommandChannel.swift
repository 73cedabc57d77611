import ProbeInterface

/// Sends commands over a probe's bulk endpoints and judges what comes back.
///
/// A command and the status that belongs to it travel in one batch, so that a backend can queue both.
final class CommandChannel {
  /// The reply of a command that succeeded, and which bytes of it mean something is the caller's to know.
  typealias Reply = [UInt8]

  let probe: any Probe
  let endpoints: STLinkEndpoints
  /// The command that asks how the last memory command went: GETLASTRWSTATUS2, or GETLASTRWSTATUS before J15.
  var lastStatusCommand = STLinkCommand.getLastStatus2
  /// What to do about errors that the target's debug port keeps latched; set where the firmware leaves it to the host.
  var clearsStickyErrors = false
  /// The time for one command when nothing else is said; stlink grants as much, OpenOCD more, pyOCD and probe-rs less.
  var commandLimit: Duration = .seconds(3)

  private let interruption: Interruption?
  private var interruptionIsReported = false
  private var mayHoldStaleData = false

  /// The time that stale data get to arrive.
  ///
  /// They lie ready in the probe: a full-speed frame and a hub's delay are 2 ms.
  private static let drainLimit: Duration = .milliseconds(20)
  /// The most that one request for stale data asks for: a multiple of every packet size.
  private static let drainByteCount = 4096
  /// The most requests for stale data: 64 KiB, the longest read a command block can announce.
  private static let drainRequestLimit = 16

  init(probe: any Probe, endpoints: STLinkEndpoints, interruption: Interruption?) {
    self.probe = probe
    self.endpoints = endpoints
    self.interruption = interruption
  }

  /// Runs a command, again and again while the target asks for patience and the command may be repeated.
  ///
  /// - Parameter limit: the time for one attempt; nil for the channel's own.
  @discardableResult
  func run(_ command: STLinkCommand, limit: Duration? = nil) throws(DebugError) -> Reply {
    var attempt = 0
    while true {
      let failure: DebugError
      do throws(DebugError) {
        return try runOnce(command, limit: limit ?? commandLimit)
      } catch {
        failure = error
      }
      guard case .status(let status, _, _) = failure else { throw failure }
      guard command.isRepeatable, status.isWait, let pause = RetrySchedule.wait.pause(after: attempt) else {
        clearStickyError(after: status)
        throw failure
      }
      probe.clock.wait(for: pause)
      attempt += 1
    }
  }

  /// Stops looking at the interruption: what follows brings target and probe into a stated condition.
  func ignoreInterruption() {
    interruptionIsReported = true
  }

  /// Takes what the probe still holds for a host that has gone, so that the next reply is the next command's.
  func drain() {
    mayHoldStaleData = false
    for _ in 0..<CommandChannel.drainRequestLimit {
      do throws(TransportError) {
        let request = Transfer.bulkIn(endpoints.input, byteCount: CommandChannel.drainByteCount)
        _ = try probe.perform([request], within: CommandChannel.drainLimit)
      } catch {
        // The time-out that ends the draining is its success; any other failure comes back with the next command.
        if error.partial.isEmpty { return }
      }
    }
  }
}

extension CommandChannel {
  private func runOnce(_ command: STLinkCommand, limit: Duration) throws(DebugError) -> Reply {
    if let interruption, interruption.isRequested, !interruptionIsReported {
      interruptionIsReported = true
      throw .interrupted
    }
    if mayHoldStaleData { drain() }
    let replies: [[UInt8]]
    do throws(TransportError) {
      replies = try probe.perform(transfers(for: command), within: limit)
    } catch {
      recover(from: error)
      throw .transport(error, during: command.opcode.name)
    }
    do throws(DebugError) {
      return try judge(command, replies)
    } catch {
      guard error.isRefusal, command.statusSource == .lastStatus, lastStatusCommand == .getLastStatus2,
        let older = try olderStatus(limit)
      else { throw error }
      return try judge(command, replies.dropLast() + [older])
    }
  }

  /// The last memory command's status by the command that came before J15; nil where that is refused, too.
  ///
  /// A clone that has an older firmware than it says does not know the later one. The status stays until the next
  /// memory command.
  private func olderStatus(_ limit: Duration) throws(DebugError) -> [UInt8]? {
    let command = STLinkCommand.getLastStatus
    let replies: [[UInt8]]
    do throws(TransportError) {
      replies = try probe.perform(transfers(for: command), within: limit)
    } catch {
      recover(from: error)
      throw .transport(error, during: command.opcode.name)
    }
    guard let reply = replies.last, reply.count == 2, !STLinkStatus(rawValue: reply[0]).isRefusal else { return nil }
    lastStatusCommand = command
    return reply
  }

  private func transfers(for command: STLinkCommand) -> [Transfer] {
    var transfers = [Transfer.bulkOut(endpoints.output, command.block)]
    switch command.data {
    case .none: break
    case .input(let byteCount): transfers.append(.bulkIn(endpoints.input, byteCount: byteCount))
    case .output(let bytes): transfers.append(.bulkOut(endpoints.output, bytes))
    }
    if command.statusSource == .lastStatus {
      transfers.append(.bulkOut(endpoints.output, lastStatusCommand.block))
      transfers.append(.bulkIn(endpoints.input, byteCount: lastStatusByteCount))
    }
    return transfers
  }

  private var lastStatusByteCount: Int {
    if case .input(let byteCount) = lastStatusCommand.data { byteCount } else { 0 }
  }

  /// Looks at the status before the length: a command that fails may answer two bytes where success has eight, and
  /// what stands behind its status is left over from earlier commands.
  private func judge(_ command: STLinkCommand, _ replies: [[UInt8]]) throws(DebugError) -> Reply {
    switch command.statusSource {
    case .none: break
    case .reply:
      try checkStatus(in: replies.last ?? [], of: command, name: command.opcode.name, address: command.address)
    case .lastStatus:
      let record = replies.last ?? []
      try checkStatus(
        in: record, of: command, name: lastStatusCommand.opcode.name, address: faultAddress(record, command))
      guard record.count == lastStatusByteCount else {
        throw malformed(lastStatusCommand.opcode.name, lastStatusByteCount, record)
      }
    }
    guard case .input(let byteCount) = command.data else { return [] }
    let reply = replies.count > 1 ? replies[1] : []
    guard reply.count == byteCount else { throw malformed(command.opcode.name, byteCount, reply) }
    return reply
  }

  private func checkStatus(
    in reply: [UInt8], of command: STLinkCommand, name: String, address: UInt32?
  ) throws(DebugError) {
    guard reply.count >= 2 else { throw malformed(name, 2, reply) }
    let status = STLinkStatus(rawValue: reply[0])
    guard status == .ok || command.opcode == .switchFrequency && status == .configurationChanged else {
      throw .status(status, during: command.opcode.name, address: address)
    }
  }

  /// The address that GETLASTRWSTATUS2 names, where it lies within what the command asked for; else where it began.
  private func faultAddress(_ record: [UInt8], _ command: STLinkCommand) -> UInt32? {
    guard let start = command.address, record.count >= 8 else { return command.address }
    let byteCount =
      switch command.data {
      case .none: 0
      case .input(let byteCount): byteCount
      case .output(let bytes): bytes.count
      }
    let named = LittleEndian.word(in: record, at: 4)
    return named >= start && named - start < UInt32(clamping: byteCount) ? named : start
  }

  private func malformed(_ name: String, _ expected: Int, _ received: [UInt8]) -> DebugError {
    mayHoldStaleData = true
    return .malformedReply(during: name, expected: expected, received: received)
  }

  /// Leaves the endpoints usable for whoever cleans up after a failed transfer.
  private func recover(from error: TransportError) {
    switch error.reason {
    case .gone, .denied, .busy, .closed, .divergence: return
    case .stall: clearStall(after: error)
    case .timeout, .overflow, .shortWrite, .other: break
    }
    mayHoldStaleData = true
  }

  private func clearStall(after error: TransportError) {
    let endpoint: Endpoint
    switch error.transfer {
    case .bulkOut(let stalled, _), .bulkIn(let stalled, _): endpoint = stalled
    case .controlOut, .controlIn, nil: return
    }
    // A stall that cannot be cleared shows itself in the next command, which reports it.
    try? probe.clearStall(on: endpoint)
  }

  /// Clears what a failed access has latched in the debug port, where the firmware may leave that to the host.
  ///
  /// ABORT = 1E clears STICKYCMP, STICKYERR, WDATAERR and STICKYORUN (ADIv5, B2.2.1). The access's own failure is what
  /// the caller hears of; one of this write would repeat it.
  private func clearStickyError(after status: STLinkStatus) {
    guard clearsStickyErrors, status.leavesStickyError else { return }
    _ = try? runOnce(.writeDAPRegister(.debugPort, 0x00, 0x1E), limit: commandLimit)
  }
}
