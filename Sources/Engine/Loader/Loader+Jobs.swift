import Basics
import LinkInterface

/// Streaming jobs through the ring.
extension Loader {
  /// The most that goes out in one piece: memory commands end at multiples of 4 KiB anyway.
  static let largestPiece = 4096
  /// What goes out first, so that a loader that has nothing to do soon has; and the least at a very slow clock.
  static let smallestPiece = 64
  /// No piece takes longer: the loader takes a host that is silent for ten seconds for gone.
  private static let pieceLimit = Duration.seconds(1)
  /// The pauses between two looks at the loader: at least what a look costs, and not so long that somebody who wants to
  /// stop, or to see progress, has to wait.
  private static let pauses = Duration.milliseconds(2)...Duration.milliseconds(100)
  /// How long is sent without a look at the loader.
  private static let longestSilence = Duration.milliseconds(250)

  /// Has the loader carry out jobs, in order, and waits for the last one.
  ///
  /// What comes next is sent while the loader works, as far ahead as the ring has room.
  ///
  /// - Parameter progress: is told of the run now and then, and of each job that is done with its result.
  /// - Returns: the results, one for each job.
  /// - Throws: `FlashError` when one fails, in which case those behind it are not carried out; the core is halted or
  ///   waits for more then.
  @discardableResult
  func perform(
    _ jobs: [LoaderJob], progress: (LoaderRun, [(LoaderJob, UInt32)]) -> Void = { _, _ in }
  ) throws(FlashError) -> [UInt32] {
    var run = LoaderRun(jobs, position: ring.written, now: access.clock.now)
    var results: [UInt32] = []
    lastLook = access.clock.now
    pieceByteCount = Loader.smallestPiece
    while !run.isComplete {
      let isSilent = access.clock.now - lastLook > Loader.longestSilence
      if !isSilent, try send(&run) { continue }
      if !isSilent { access.clock.wait(for: pause(run)) }
      let new = try look(&run, collected: results.count)
      progress(run, Array(zip(jobs[results.count...], new)))
      results += new
    }
    return results
  }

  /// Sends the next piece, if there is one and room for it.
  private func send(_ run: inout LoaderRun) throws(FlashError) -> Bool {
    // Small pieces cost more than they are worth: there must be room for a whole one.
    guard ring.free >= min(pieceByteCount, run.unsent) else { return false }
    let toBoundary = Loader.largestPiece - Int(ring.writeAddress) % Loader.largestPiece
    let isBehind = isLinkBehind(run)
    if isBehind, let command = run.beginningBlock, try makeHistory(run.action), let packed = packed(command) {
      run.replaceCommand(packed)
    }
    let room = min(pieceByteCount, ring.freeInOnePiece, toBoundary)
    let bytes = run.take(room, endsBeforeBlocks: isBehind)
    guard !bytes.isEmpty else { return false }
    let started = access.clock.now
    try FlashError.wrapping(run.action) { () throws(DebugError) in
      try access.writeMemory(bytes, at: ring.writeAddress)
      ring.advance(by: bytes.count)
      // The loader may read what is before this: the data are there already.
      try access.writeWord(ring.writeAddress, at: memory.writePointer)
    }
    run.noteSent(now: access.clock.now)
    linkPace.note(bytes.count, took: access.clock.now - started)
    let isQuick = access.clock.now - started < Loader.pieceLimit / 4
    pieceByteCount = isQuick ? min(pieceByteCount * 2, Loader.largestPiece) : Loader.smallestPiece
    return true
  }

  /// Whether what is still to be sent will take longer than the loader needs to carry everything out, so that the controller
  /// will wait for the link.
  private func isLinkBehind(_ run: LoaderRun) -> Bool {
    guard let sending = linkPace.time(toSend: run.unsent) else { return false }
    return sending > run.forecast(bytes: nil, now: access.clock.now)
  }

  /// Sees to it that the loader can remember what it unpacks: the end of the ring becomes the place for that.
  ///
  /// - Returns: whether there is such a place.
  private func makeHistory(_ action: String) throws(FlashError) -> Bool {
    if ring.range.count < memory.ring.count { return true }
    guard ring.range.count >= LoaderMemory.smallestRingBesideHistory + LoaderPacker.windowByteCount,
      ring.note(readPointer: try readReport(action).readPointer), ring.giveUp(LoaderPacker.windowByteCount)
    else { return false }
    try FlashError.wrapping(action) { () throws(DebugError) in
      try access.writeWord(ring.range.upperBound, at: memory.limit)
    }
    return true
  }

  /// The command that programs the same from less, where there is one.
  private func packed(_ command: LoaderCommand) -> LoaderCommand? {
    guard case .program(let block, let control) = command, control[.parallelism] == Parallelism.x32.selection,
      let packed = packer.pack(block)
    else { return nil }
    return .unpack(block, packed: packed, control)
  }

  /// How long to wait before looking at the loader: until there is room for a piece, or until all is done.
  private func pause(_ run: LoaderRun) -> Duration {
    let missing = run.unsent > 0 ? max(0, min(pieceByteCount, run.unsent) - ring.free) : nil
    let forecast = run.forecast(bytes: missing, now: access.clock.now)
    return min(max(forecast, Loader.pauses.lowerBound), Loader.pauses.upperBound)
  }

  // MARK: - Looking

  /// Asks the loader how far it is, and fetches the results of the jobs that it has done meanwhile.
  private func look(_ run: inout LoaderRun, collected: Int) throws(FlashError) -> [UInt32] {
    let started = access.clock.now
    let report = try readReport(run.action)
    lastLook = access.clock.now
    let lookDuration = lastLook - started
    let completed = collected + Int(report.count &- UInt32(truncatingIfNeeded: count))
    guard report.status == .running, ring.note(readPointer: report.readPointer), completed <= run.jobs.count else {
      throw try failure(report, run.jobs.indices.contains(completed) ? run.jobs[completed] : nil)
    }
    if !run.note(ringConsumed: ring.consumed, completed: completed, now: lastLook) {
      try checkCore(run, lookDuration)
    }
    let results = try readResults(completed - collected, run.action)
    count += completed - collected
    return results
  }

  private func readReport(_ action: String) throws(FlashError) -> LoaderReport {
    LoaderReport(
      try FlashError.wrapping(action) { () throws(DebugError) in
        try access.readMemory(at: memory.report, byteCount: LoaderReport.byteCount)
      })
  }

  private func readResults(_ done: Int, _ action: String) throws(FlashError) -> [UInt32] {
    var results: [UInt32] = []
    while results.count < done {
      let first = (count + results.count) % LoaderMemory.resultCount
      let part = min(done - results.count, LoaderMemory.resultCount - first)
      let bytes = try FlashError.wrapping(action) { () throws(DebugError) in
        try access.readMemory(at: memory.result(of: first), byteCount: part * 4)
      }
      results += (0..<part).map { bytes.littleEndianWord(at: $0 * 4) }
    }
    return results
  }

  // MARK: - Failures

  /// Finds out why the loader does not come on: reset, halted, locked up, or the operation takes too long.
  private func checkCore(_ run: LoaderRun, _ lookDuration: Duration) throws(FlashError) {
    let action = run.action
    let dhcsr = try FlashError.wrapping(action) { () throws(DebugError) in try access.read(DHCSR.self) }
    if dhcsr[.reset] { throw FlashError(.chipReset(during: action), evidence: try evidence(of: run.current, action)) }
    if dhcsr[.halted] || dhcsr[.lockedUp] {
      let report = try readReport(action)
      // It may have stopped by itself since it was asked.
      if report.status == .running { throw try stopped(.halted, action) }
      throw try failure(report, run.current)
    }
    // What was seen counts, not how long the link has taken since.
    guard let job = run.current, run.isOverdue(now: lastLook, lookDuration: lookDuration) else { return }
    throw FlashError(.timeout(during: action, limit: job.time.maximum), evidence: try evidence(of: job, action))
  }

  /// What a report that is not a running loader's means.
  private func failure(_ report: LoaderReport, _ job: LoaderJob?) throws(FlashError) -> FlashError {
    let action = job?.action ?? "the wait for its next job"
    switch report.status {
    case .flashError:
      var error = FlashError(.errorBits(report.flashStatus, during: action), evidence: try evidence(of: job, action))
      error.evidence.status = report.flashStatus
      if report.address != 0 { error.evidence.address = report.address }
      return error
    case .hostSilent: return try stopped(.hostSilent, action)
    case .running, .unknownCommand, nil: return try stopped(.memoryOverwritten, action)
    }
  }

  private func stopped(_ reason: LoaderStop, _ action: String) throws(FlashError) -> FlashError {
    let isHalted = reason == .halted || reason == .hostSilent
    let place = try FlashError.wrapping(action) { () throws(DebugError) in
      isHalted ? try access.readCoreRegister(.programCounter) : nil
    }
    let faults = try FlashError.wrapping(action) { () throws(DebugError) in
      try access.readWord(at: Loader.configurableFaultStatus)
    }
    return FlashError(.loaderStopped(reason, programCounter: place, faultStatus: faults, during: action))
  }

  /// CFSR (ARMv7-M, B3.2.15).
  private static let configurableFaultStatus: UInt32 = 0xE000_ED28

  private func evidence(of job: LoaderJob?, _ action: String) throws(FlashError) -> FlashError.Evidence {
    var evidence = FlashError.Evidence()
    evidence.sector = job?.sector
    try FlashError.wrapping(action) { () throws(DebugError) in
      evidence.status = try access.read(FlashStatus.self)
      evidence.control = try access.read(FlashControl.self)
    }
    return evidence
  }
}

/// Why the loader runs no more although it should.
public enum LoaderStop: Sendable, Equatable {
  /// The core has halted: a fault, or somebody else's breakpoint.
  case halted
  /// The loader has not heard of the host for ten seconds, and has locked the flash controller.
  case hostSilent
  /// The loader's memory holds what nobody has written there.
  case memoryOverwritten
}
