import Basics
import LinkInterface

/// Executes plans by the loader in the target's RAM.
///
/// Order of work: the plan's operations, which the loader carries out while the host sends what comes next; the
/// comparison by checksums; the vector rows but the last and their comparison; the last and its comparison. The host
/// waits for each of these before it sends the next, so that no vector row goes in unless everything else has been found
/// right.
struct LoaderProgrammer {
  let controller: FlashController
  let loader: Loader
  let observer: FlashObserver

  private var clock: any LinkClock { controller.access.clock }

  /// Executes a plan; the loader has been stopped, and the controller locked, on every way out.
  ///
  /// - Parameter isTouched: becomes true before anything is erased or programmed.
  func execute(_ plan: FlashPlan, verifies: Bool, _ isTouched: inout Bool) throws(FlashError) {
    try controller.withUnlocked { () throws(FlashError) in
      do throws(FlashError) {
        try carryOut(plan, verifies: verifies, &isTouched)
      } catch {
        throw error.stopping(loader)
      }
      try FlashError.wrapping("stopping the RAM loader") { () throws(DebugError) in try loader.stop() }
    }
  }

  private func carryOut(_ plan: FlashPlan, verifies: Bool, _ isTouched: inout Bool) throws(FlashError) {
    isTouched = true
    let started = clock.now
    let eraseTime = try write(plan)
    guard verifies, !plan.expected.isEmpty else {
      try loader.perform(plan.vectorRows.map { job(.program($0), plan) })
      return tellEffort(plan, erasing: eraseTime, total: clock.now - started)
    }
    let total = plan.expected.reduce(0) { $0 + $1.bytes.count }
    var progress = PhaseProgress(.verifying, total: total, clock: clock, observer: observer)
    let verifier = LoaderVerifier(loader: loader, observer: observer, context: .afterWriting)
    try FlashCaches(access: controller.access).withFreshReads { () throws(FlashError) in
      try verifier.verify(plan.expectedBeforeVectorRows, &progress)
      for rows in plan.closingStages {
        try loader.perform(rows.map { job(.program($0), plan) })
        try verifier.verify(plan.expected(in: rows), &progress)
      }
    }
    progress.finish()
    tellEffort(plan, erasing: eraseTime, total: clock.now - started)
  }

  // MARK: - Erasing and programming

  /// Erases and programs by turns.
  ///
  /// The loader tells how long the controller has erased. What is left of the time is programming, with whatever the
  /// controller had to wait for the link.
  ///
  /// - Returns: how long the controller has erased.
  private func write(_ plan: FlashPlan) throws(FlashError) -> Duration {
    let jobs = plan.operations.map { job($0, plan) }
    if jobs.isEmpty { return .zero }
    var phases = WritingPhases(plan, clock: clock, observer: observer)
    try loader.perform(jobs) { run, done in
      for (job, result) in done {
        switch job.command {
        case .erase: phases.erased(by: job, took: Loader.duration(cycles: result))
        case .program(let block, _): phases.programmed(block.bytes.count)
        case .sum, .findProgrammed: break
        }
      }
      phases.isProgramming(run.consumedData)
    }
    phases.finish()
    return phases.eraseTime
  }

  /// Tells the curious how near the whole has come to what the controller itself needs.
  private func tellEffort(_ plan: FlashPlan, erasing: Duration, total: Duration) {
    let programming = FlashTiming.program(byteCount: plan.programmedByteCount, plan.parallelism).typical
    guard erasing + programming > .zero else { return }
    let hundredths = Int((total / (erasing + programming) * 100).rounded())
    observer(
      .note(
        "erasing, programming and verifying took \(total.inWords), \(hundredths / 100).\(hundredths / 10 % 10)"
          + "\(hundredths % 10) times what the controller itself needs (erase \(erasing.inWords), "
          + "\((plan.programmedByteCount / plan.parallelism.byteCount).grouped) accesses at 16 µs)"))
  }

  private func job(_ operation: FlashOperation, _ plan: FlashPlan) -> LoaderJob {
    switch operation {
    case .erase(.sector(let sector)):
      LoaderJob(
        command: .erase(FlashControl.erase(sector, plan.parallelism).started),
        action: "erasing sector \(sector.number)", erases: .sector(sector),
        time: FlashTiming.erase(sector, plan.parallelism))
    case .erase(.banks(let banks)):
      LoaderJob(
        command: .erase(FlashControl.massErase(banks: banks, plan.parallelism).started),
        action: plan.sectorMap.actionOfErasing(banks), erases: .banks(banks),
        time: FlashTiming.massErase(plan.sectorMap, plan.parallelism))
    case .program(let block):
      LoaderJob(
        command: .program(block, .programming(plan.parallelism)), action: "programming \(block.range.addresses)",
        sector: plan.sectorMap.sector(at: block.address),
        time: FlashTiming.program(byteCount: block.bytes.count, plan.parallelism))
    }
  }
}

/// What an observer is told while the loader erases and programs by turns.
private struct WritingPhases {
  private let clock: any LinkClock
  private let observer: FlashObserver
  private let plan: FlashPlan
  private let started: Duration
  private var erasing: PhaseProgress?
  private var programming: PhaseProgress?
  private(set) var eraseTime = Duration.zero
  private var programmedByteCount = 0

  init(_ plan: FlashPlan, clock: any LinkClock, observer: @escaping FlashObserver) {
    self.plan = plan
    self.clock = clock
    self.observer = observer
    started = clock.now
    let erased = plan.erasedSectors.reduce(0) { $0 + $1.byteCount }
    // The vector rows count too: they are programmed in the course of the comparison.
    let programmed = plan.programmedByteCount
    if erased > 0 { erasing = PhaseProgress(.erasing, total: erased, clock: clock, observer: observer) }
    if programmed > 0 { programming = PhaseProgress(.programming, total: programmed, clock: clock, observer: observer) }
  }

  mutating func erased(by job: LoaderJob, took duration: Duration) {
    eraseTime += duration
    switch job.erases {
    case .sector(let sector):
      erasing?.advance(by: sector.byteCount)
      observer(.sectorErased(sector, duration: duration))
    case .banks(let banks):
      erasing?.advance(by: plan.sectorMap.sectors.reduce(0) { $0 + (banks.contains($1.bank) ? $1.byteCount : 0) })
      observer(.banksErased(banks, duration: duration))
    case nil: break
    }
  }

  mutating func programmed(_ byteCount: Int) {
    programmedByteCount += byteCount
  }

  /// Tells how much of the block at hand is programmed, beside those that are done.
  mutating func isProgramming(_ byteCount: Int) {
    programming?.reach(programmedByteCount + byteCount)
  }

  mutating func finish() {
    let total = clock.now - started
    let erase = programming == nil ? total : min(eraseTime, total)
    erasing?.finish(after: erase)
    programming?.finish(after: total - (erasing == nil ? .zero : erase))
  }
}
