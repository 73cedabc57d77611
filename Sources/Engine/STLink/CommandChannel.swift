import Basics
import LinkInterface

/// Sends commands over a probe's bulk endpoints and judges what comes back.
///
/// A command and the status that belongs to it travel in one batch, so that a backend can queue both.
final class CommandChannel {
  /// The reply of a command that succeeded, and which bytes of it mean something is the caller's to know.
  typealias Reply = [UInt8]

  let probe: any USBDevice
  let endpoints: STLinkEndpoints
  /// The command that asks how the last memory command went: GETLASTRWSTATUS2, or GETLASTRWSTATUS before J15.
  var lastStatusCommand = STLinkCommand.getLastStatus2
  /// What to do about errors that the target's debug port keeps latched; set where the firmware leaves it to the host.
  var clearsStickyErrors = false
  /// Is told when the probe turns out to know no command for that, as clones of older ones do.
  var onRefusedClearing: () -> Void = {}
  /// How often an access is tried again that the target lets wait.
  var waitSchedule = RetrySchedule.wait
  /// The time for one command when nothing else is said; stlink grants as much, OpenOCD more, pyOCD and probe-rs less.
  var commandLimit: Duration = .seconds(3)

  /// The probe's reply to GET_VERSION; nil until it is known, and before that nothing is repeated.
  var versionReply: [UInt8]?
  /// How the first attempt to get it failed; nil where it did not.
  var openingFailure: DebugError?
  /// The replies that were lost, and how many more may be.
  private(set) var losses = LossBudget()
  /// How many commands were carried out although replies to them were lost.
  private(set) var repetitionCount = 0
  /// How many reads were made twice because the reply to the first was lost.
  private(set) var repeatedReadCount = 0
  /// Is told of each command that was repeated, when it has come through.
  var onRepetition: (Repetition) -> Void = { _ in }

  private let interruption: Interruption?
  private var interruptionIsReported = false
  /// The failure after which the next reply may be an earlier command's; nil while host and probe are in step.
  private var openLoss: DebugError?
  /// Whether the probe could not be brought into step the last time.
  private var isLost = false
  /// Whether the probe was connected to a target last, which it does not leave by itself.
  private var isInDebugMode = false

  /// How often a command is tried whose replies get lost: one that is lost twice in a row is rare, and the loader in the
  /// target's RAM takes a host for gone that is silent for ten seconds.
  private static let attemptLimit = 3

  init(probe: any USBDevice, endpoints: STLinkEndpoints, interruption: Interruption?) {
    self.probe = probe
    self.endpoints = endpoints
    self.interruption = interruption
  }

  /// Runs a command, again and again while the target asks for patience and the command may be repeated, and again when
  /// its reply was lost.
  ///
  /// - Parameter limit: the time for one attempt; nil for the channel's own.
  /// - Throws: `DebugError.replyLost` where a reply was lost and the command may not be repeated, or was in vain.
  @discardableResult
  func run(_ command: STLinkCommand, limit: Duration? = nil) throws(DebugError) -> Reply {
    try reportInterruption()
    let limit = limit ?? commandLimit
    var waits = 0
    var firstLoss: DebugError?
    var attempts = 1
    var question = Question.command
    while true {
      let failure: DebugError
      do throws(DebugError) {
        let reply = try runOnce(command, question, limit: limit)
        if command.opcode == .enter || command.opcode == .exitDebug { isInDebugMode = command.opcode == .enter }
        answered(command, after: firstLoss, lossCount: attempts - 1, question)
        return reply
      } catch {
        failure = error
      }
      if let status = failure.status {
        guard command.isRepeatable, failure.isWait, let pause = waitSchedule.pause(after: waits) else {
          answered(command, after: firstLoss, lossCount: attempts - 1, question)
          if command.opcode.isAccess { clearStickyError(after: status) }
          throw failure
        }
        probe.clock.wait(for: pause)
        try reportInterruption()
        waits += 1
        question = .command
      } else {
        question = try nextQuestion(about: command, question, after: failure, attempts: attempts)
        firstLoss = firstLoss ?? failure
        attempts += 1
      }
    }
  }

  /// Stops looking at the interruption: what follows brings target and probe into a stated condition.
  func ignoreInterruption() {
    interruptionIsReported = true
  }

  /// Takes what the probe still holds for a host that has gone, so that the next reply is the next command's.
  func drain() {
    openLoss = nil
    PipeRecovery.drain(probe, endpoints.input)
  }

  private func reportInterruption() throws(DebugError) {
    guard let interruption, interruption.isRequested, !interruptionIsReported else { return }
    interruptionIsReported = true
    throw .interrupted
  }
}

// What is done about lost replies.
extension CommandChannel {
  /// What is asked of the probe for a command.
  private enum Question {
    /// The command.
    case command
    /// The status alone of a memory write that has gone to the probe whole.
    case status
  }

  /// What to ask after an attempt has failed, with the probe in step again.
  private func nextQuestion(
    about command: STLinkCommand, _ question: Question, after failure: DebugError, attempts: Int
  ) throws(DebugError) -> Question {
    guard failure.isLossOnTheWay, versionReply != nil else { throw failure }
    let goesOn = losses.lose()
    let asksForStatus = question == .status || isWritten(command, after: failure)
    guard command.isRepeatable || asksForStatus else { throw lost(failure, .mayNotHappenTwice) }
    guard goesOn else {
      throw lost(failure, .tooManyLosses(losses.lossCount, inCommands: losses.commandCount))
    }
    guard attempts < CommandChannel.attemptLimit else { throw lost(failure, .everyAttempt(attempts)) }
    let finding = try comeIntoStep(after: failure)
    // A reset of the USB device may have taken the record of the last memory command with it.
    guard asksForStatus, !finding.wasReset else {
      guard command.isRepeatable else { throw lost(failure, .mayNotHappenTwice) }
      if case .input = command.data { repeatedReadCount += 1 }
      return .command
    }
    return .status
  }

  /// Whether a memory write has gone to the probe whole, and only its status is missing: that can be asked for again, and
  /// stays what it was until the next memory command.
  private func isWritten(_ command: STLinkCommand, after failure: DebugError) -> Bool {
    guard command.statusSource == .lastStatus, case .output = command.data else { return false }
    // Block, data, question, answer: what comes in is the answer alone.
    return switch failure {
    case .malformedReply: true
    case .transport(let error, _): error.transferIndex.map { $0 >= 2 } ?? false
    default: false
    }
  }

  /// Brings host and probe into step, so that the next reply is the next command's.
  @discardableResult
  private func comeIntoStep(after failure: DebugError) throws(DebugError) -> PipeRecovery.Finding {
    guard let versionReply else {
      drain()
      return PipeRecovery.Finding(mode: .massStorage)
    }
    let recovery = PipeRecovery(probe: probe, endpoints: endpoints, versionReply: versionReply)
    let finding: PipeRecovery.Finding?
    do throws(LinkError) {
      finding = try recovery.run(isLost ? .asking : .everything)
    } catch {
      throw .transport(error, during: STLinkOpcode.getVersion.name)
    }
    isLost = finding == nil
    guard let finding else { throw lost(failure, .probeIsSilent) }
    openLoss = nil
    guard !isInDebugMode || finding.mode == .debug else {
      isInDebugMode = false
      throw lost(failure, .debugModeLeft(finding.mode.title))
    }
    return finding
  }

  private func lost(_ failure: DebugError, _ obstacle: LostReply.Obstacle) -> DebugError {
    .replyLost(LostReply(failure: failure, obstacle: obstacle))
  }

  /// Takes note of a command that the probe has carried out, or refused with a status of its own.
  private func answered(_ command: STLinkCommand, after loss: DebugError?, lossCount: Int, _ question: Question) {
    losses.succeed()
    guard let loss else { return }
    repetitionCount += 1
    onRepetition(
      Repetition(
        command: command.opcode.name, failure: loss, lossCount: lossCount, wasSentAgain: question == .command))
  }
}

extension CommandChannel {
  private func runOnce(_ command: STLinkCommand, _ question: Question, limit: Duration) throws(DebugError) -> Reply {
    if let openLoss { try comeIntoStep(after: openLoss) }
    let replies: [[UInt8]]
    do throws(LinkError) {
      replies = try probe.perform(question == .status ? statusTransfers : transfers(for: command), within: limit)
    } catch {
      throw failure(error, command)
    }
    do throws(DebugError) {
      return try judge(command, replies)
    } catch {
      guard command.statusSource == .lastStatus, lastStatusCommand == .getLastStatus2,
        let status = replies.last?.first, STLinkStatus(rawValue: status).isRefusal,
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
    do throws(LinkError) {
      replies = try probe.perform(transfers(for: command), within: limit)
    } catch {
      throw failure(error, command)
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
    return command.statusSource == .lastStatus ? transfers + statusTransfers : transfers
  }

  private var statusTransfers: [Transfer] {
    [
      .bulkOut(endpoints.output, lastStatusCommand.block), .bulkIn(endpoints.input, byteCount: lastStatusByteCount),
    ]
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
    // A clone that does not know READMEM16 answers it with a status as any debug command, and the status of the memory
    // command before it is asked for then.
    if command.opcode == .readMemory16, byteCount > 2, reply.count == 2, reply[1] == 0,
      STLinkStatus(rawValue: reply[0]).isRefusal
    {
      throw .status(STLinkStatus(rawValue: reply[0]), during: command.opcode.name, address: command.address)
    }
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
    let named = record.littleEndianWord(at: 4)
    return named >= start && named - start < UInt32(clamping: byteCount) ? named : start
  }

  private func malformed(_ name: String, _ expected: Int, _ received: [UInt8]) -> DebugError {
    let failure = DebugError.malformedReply(during: name, expected: expected, received: received)
    openLoss = failure
    return failure
  }

  /// The failure of a command's transfers; leaves the endpoints usable for what comes next.
  private func failure(_ error: LinkError, _ command: STLinkCommand) -> DebugError {
    let failure = DebugError.transport(error, during: command.opcode.name)
    guard error.reason.mayPass else { return failure }
    if error.reason == .stall { clearStall(after: error) }
    openLoss = failure
    return failure
  }

  private func clearStall(after error: LinkError) {
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
    do throws(DebugError) {
      _ = try runOnce(.writeDAPRegister(.debugPort, 0x00, 0x1E), .command, limit: commandLimit)
    } catch {
      guard error.isRefusal else { return }
      clearsStickyErrors = false
      onRefusedClearing()
    }
  }
}
