/// A list of jobs on its way through the ring: what is still to be sent, what has been done, and when to look again.
struct LoaderRun {
  private(set) var jobs: [LoaderJob]
  /// How many jobs have been carried out.
  private(set) var completed = 0
  /// How much of the jobs has been sent, in bytes of the ring.
  private(set) var sent = 0
  /// How much of the jobs the loader has taken, in bytes of the ring.
  private(set) var consumed = 0

  /// The byte behind each job.
  private var ends: [Int]
  /// The job that is being sent.
  private var sending = 0
  /// When the loader was last looked at, and when it was last seen to have come on.
  private var lastLook: Duration
  private var lastProgress: Duration
  /// The job at hand was not begun before this.
  private var currentSince: Duration

  /// Where in the ring the jobs begin.
  private let position: Int

  /// Makes a run of jobs that begin at a position in the ring.
  init(_ jobs: [LoaderJob], position: Int, now: Duration) {
    self.jobs = jobs
    self.position = position
    var end = 0
    ends = jobs.map {
      end += $0.command.ringByteCount
      return end
    }
    (lastLook, lastProgress, currentSince) = (now, now, now)
  }

  /// Whether all jobs have been carried out.
  var isComplete: Bool { completed == jobs.count }
  /// How much is still to be sent.
  var unsent: Int { (ends.last ?? 0) - sent }
  /// The job that is being carried out; nil when all have been.
  var current: LoaderJob? { isComplete ? nil : jobs[completed] }
  /// What is being done, in words.
  var action: String { current?.action ?? "waiting for the RAM loader" }

  /// How much of what the job at hand programs the loader has taken, in bytes of the flash.
  var consumedData: Int {
    guard !isComplete, let block = jobs[completed].command.programmed else { return 0 }
    let data = jobs[completed].command.data.count
    return max(0, min(consumed, ends[completed]) - (ends[completed] - data)) * block.bytes.count / data
  }

  // MARK: - Sending

  /// Blocks below this are not worth packing.
  private static let smallestBlockToPack = 1024

  /// The command that the next bytes begin, where it programs a block that may be worth packing.
  var beginningBlock: LoaderCommand? {
    guard jobs.indices.contains(sending), sent == begin(of: sending) else { return nil }
    return isBlock(sending) ? jobs[sending].command : nil
  }

  private func isBlock(_ job: Int) -> Bool {
    if case .program(let block, _) = jobs[job].command { block.bytes.count >= Self.smallestBlockToPack } else { false }
  }

  /// Puts another command in the place of the one that the next bytes begin.
  mutating func replaceCommand(_ command: LoaderCommand) {
    let saved = jobs[sending].command.ringByteCount - command.ringByteCount
    jobs[sending].command = command
    for index in sending..<ends.count { ends[index] -= saved }
  }

  /// The next bytes for the ring, at most `limit` of them.
  ///
  /// No more jobs are under way at once than the parameter block has room for results.
  ///
  /// - Parameter endsBeforeBlocks: whether they end where a block begins that may be packed instead.
  mutating func take(_ limit: Int, endsBeforeBlocks: Bool = false) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < limit, sending < min(jobs.count, completed + LoaderMemory.resultCount) {
      let offset = sent - begin(of: sending)
      if endsBeforeBlocks, offset == 0, !bytes.isEmpty, isBlock(sending) { break }
      let part = jobs[sending].command.ringBytes(from: offset, atMost: limit - bytes.count)
      bytes += part
      sent += part.count
      if sent == ends[sending] { sending += 1 }
    }
    return bytes
  }

  /// Takes note of what has reached the ring: the loader could not come on for want of it before.
  mutating func noteSent(now: Duration) {
    lastProgress = now
  }

  // MARK: - Waiting

  /// Takes note of how far the loader has come.
  ///
  /// - Returns: whether it has come on.
  mutating func note(ringConsumed: Int, completed: Int, now: Duration) -> Bool {
    // The loader may have finished the last job of the run before since its read pointer was read.
    let consumed = max(0, ringConsumed - position)
    defer { lastLook = now }
    guard consumed != self.consumed || completed != self.completed else { return false }
    if completed != self.completed { currentSince = lastLook }
    (self.consumed, self.completed, lastProgress) = (consumed, completed, now)
    return true
  }

  /// Whether the loader shows no progress for longer than the current job can take.
  ///
  /// Programming shows progress with every word of the ring that it takes; at 64 bits it takes two for one access. A word of
  /// packed data can stand for any number.
  /// - Parameter lookDuration: how long it takes to look at the loader, which a slow SWD clock stretches.
  func isOverdue(now: Duration, lookDuration: Duration) -> Bool {
    guard let current else { return false }
    var longest = current.time.maximum
    if case .program(let block, _) = current.command { longest = longest * 8 / max(8, block.bytes.count) }
    return now - lastProgress > FlashTiming.patience(longest) + lookDuration * LoaderRun.looksInPatience
  }

  /// How many looks may find nothing new before that counts: one in each direction, and as many again.
  private static let looksInPatience = 4

  /// How long it will probably take until so many bytes more are consumed than at the last look; until all is done where
  /// that is nil.
  func forecast(bytes: Int?, now: Duration) -> Duration {
    let goal = bytes.map { consumed + $0 } ?? .max
    var total = Duration.zero
    for index in completed..<jobs.count {
      guard begin(of: index) < goal else { break }
      let job = jobs[index]
      switch job.command {
      case .program, .unpack:
        let byteCount = job.command.data.count
        let share = max(0, min(goal, ends[index]) - max(ends[index] - byteCount, consumed))
        total += job.time.typical * share / byteCount
      default:
        total += job.time.typical
        if index == completed { total -= min(job.time.typical, lastLook - currentSince) }
      }
    }
    return max(.zero, total - (now - lastLook))
  }

  private func begin(of job: Int) -> Int { job == 0 ? 0 : ends[job - 1] }
}
