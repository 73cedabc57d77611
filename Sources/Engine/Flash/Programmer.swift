import Basics
import Failures
import LinkInterface

/// Executes plans, stage by stage, by a worker that erases, programs and compares.
///
/// The controller is locked, and the worker has stopped, on every way out.
struct Programmer {
  /// The controller, where the worker does not see to it itself.
  private let controller: FlashController?
  private let clock: any LinkClock
  private let worker: any FlashWorker
  private let observer: FlashObserver

  /// Makes a programmer by the debug port.
  init(controller: FlashController, worker: any FlashWorker, observer: @escaping FlashObserver) {
    self.controller = controller
    self.worker = worker
    self.observer = observer
    clock = controller.access.clock
  }

  /// Makes a programmer by a worker that has the controller to itself.
  init(clock: any LinkClock, worker: any FlashWorker, observer: @escaping FlashObserver) {
    controller = nil
    self.worker = worker
    self.observer = observer
    self.clock = clock
  }

  /// Executes a plan that is legal on this chip; the core must be halted, or run the loader that is to work.
  ///
  /// - Throws: `FlashError`, which says in which condition the chip is left.
  func execute(_ plan: FlashPlan, verifies: Bool) throws(FlashError) {
    if plan.isEmpty { return }
    plan.warnings.forEach { observer(.warning(Advice($0))) }
    var isTouched = false
    do throws(FlashError) {
      try prepared { () throws(FlashError) in
        isTouched = true
        try carryOut(plan, verifies: verifies && !plan.expected.isEmpty)
      }
    } catch {
      throw Programmer.describing(error, plan, isTouched: isTouched)
    }
  }

  private func prepared(_ body: () throws(FlashError) -> Void) throws(FlashError) {
    guard let controller else { return try worker.working(body) }
    try controller.withUnlocked { () throws(FlashError) in
      try worker.working { () throws(FlashError) in
        // Erasing does not empty the caches, and a running firmware would read old lines as well as we.
        try FlashCaches(access: controller.access).withFreshReads(body)
      }
    }
  }

  private func carryOut(_ plan: FlashPlan, verifies: Bool) throws(FlashError) {
    let started = clock.now
    var writing = WritingPhases(plan, clock: clock, observer: observer)
    var comparing: PhaseProgress?
    for stage in plan.stages {
      try worker.perform(stage.operations, of: plan, &writing)
      writing.finish(comparing: worker.comparingTime)
      guard verifies else { continue }
      let total = plan.expected.reduce(0) { $0 + $1.bytes.count }
      comparing = comparing ?? PhaseProgress(.verifying, total: total, clock: clock, observer: observer)
      try worker.verify(stage.expected, .afterWriting) { comparing?.advance(by: $0) }
    }
    comparing?.finish(addition: worker.comparingTime)
    tellEffort(plan, erasing: writing.eraseTime, total: clock.now - started)
  }

  /// Tells the curious how near the whole has come to what the controller itself needs.
  private func tellEffort(_ plan: FlashPlan, erasing: Duration, total: Duration) {
    let programming = plan.sectorMap.family.timing.program(
      byteCount: plan.programmedByteCount, plan.parallelism
    ).typical
    guard erasing + programming > .zero else { return }
    let hundredths = Int((total / (erasing + programming) * 100).rounded())
    observer(
      .note(
        """
        erasing, programming and verifying took \(total.inWords), \(hundredths / 100).\(hundredths / 10 % 10)\
        \(hundredths % 10) times what the controller itself needs (erase \(erasing.inWords), \
        \((plan.programmedByteCount / plan.parallelism.byteCount).grouped) accesses at 16 µs)
        """))
  }

  /// The same error with what the user has to know about the chip now.
  private static func describing(_ error: FlashError, _ plan: FlashPlan, isTouched: Bool) -> FlashError {
    var error = error
    guard isTouched else {
      error.aftermath.append("nothing was erased or programmed")
      return error
    }
    error.leavesFlashIncomplete = true
    if plan.programmedByteCount > 0 {
      error.aftermath.append("the firmware is incomplete: write it again before the chip is to run it")
    }
    if !plan.kept.isEmpty {
      error.aftermath.append(
        "bytes outside the image that were to be kept may be lost: "
          + plan.kept.map(\.addresses).joined(separator: ", "))
    }
    return error
  }
}
