import LinkInterface

/// What an observer is told while erasing and programming go on by turns.
///
/// Both phases are under way at once: what is left of the time in which the controller erased is programming, with
/// whatever the controller had to wait for the link.
struct WritingPhases {
  private let clock: any LinkClock
  private let observer: FlashObserver
  private let plan: FlashPlan
  private let started: Duration
  private var erasing: PhaseProgress?
  private var programming: PhaseProgress?
  /// How long the controller has erased.
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
    // Where nothing else is done they are no phase of their own.
    if programmed > 0, !plan.eraseSteps.isEmpty || !plan.blocks.isEmpty {
      programming = PhaseProgress(.programming, total: programmed, clock: clock, observer: observer)
    }
  }

  /// A step has erased what it erases.
  mutating func erased(_ step: EraseStep, took duration: Duration) {
    eraseTime += duration
    erasing?.advance(by: step.byteCount(of: plan.sectorMap))
    switch step {
    case .sector(let sector): observer(.sectorErased(sector, duration: duration))
    case .banks(let banks): observer(.banksErased(banks, duration: duration))
    }
  }

  /// So many bytes more are programmed, and a part of the block at hand.
  mutating func programmed(_ byteCount: Int, ofBlockAtHand part: Int = 0) {
    programmedByteCount += byteCount
    programming?.reach(programmedByteCount + part)
  }

  /// Nothing more is told of the phases after this.
  ///
  /// - Parameter comparing: how much of the time belongs to another phase.
  mutating func finish(comparing: Duration = .zero) {
    let total = clock.now - started - comparing
    let erase = programming == nil ? total : min(eraseTime, total)
    erasing?.finish(after: erase)
    programming?.finish(after: total - (erasing == nil ? .zero : erase))
    (erasing, programming) = (nil, nil)
  }
}
