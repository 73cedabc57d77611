import Basics
import LinkInterface

/// Executes plans.
///
/// Order of work: erase, program all but the vector rows, verify that, program the vector rows but the last, verify them,
/// then the same with the last. The controller is locked whenever nothing is being erased or programmed, and on every way
/// out.
struct Programmer {
  let controller: FlashController
  /// The loader in the target's RAM; nil to program through the debug port.
  var loader: Loader?
  let observer: FlashObserver

  init(controller: FlashController, loader: Loader? = nil, observer: @escaping FlashObserver) {
    self.controller = controller
    self.loader = loader
    self.observer = observer
  }

  private var clock: any LinkClock { controller.access.clock }

  /// Executes a plan that is legal on this chip; the core must be halted.
  ///
  /// - Throws: `FlashError`, which says in which condition the chip is left.
  func execute(_ plan: FlashPlan, verifies: Bool) throws(FlashError) {
    if plan.isEmpty { return }
    plan.warnings.forEach { observer(.warning($0)) }
    var isTouched = false
    do throws(FlashError) {
      if let loader {
        try LoaderProgrammer(controller: controller, loader: loader, observer: observer)
          .execute(plan, verifies: verifies, &isTouched)
      } else {
        try erase(plan, &isTouched)
        try write(plan, verifies: verifies, &isTouched)
      }
    } catch {
      throw Programmer.describing(error, plan, isTouched: isTouched)
    }
  }

  /// Programs and compares; the vector rows go in when everything else has been found right.
  private func write(_ plan: FlashPlan, verifies: Bool, _ isTouched: inout Bool) throws(FlashError) {
    if !plan.blocks.isEmpty {
      let total = plan.blocks.reduce(0) { $0 + $1.bytes.count }
      var progress = PhaseProgress(.programming, total: total, clock: clock, observer: observer)
      try program(plan.blocks, plan.parallelism, &isTouched) { progress.advance(by: $0) }
      progress.finish()
    }
    guard verifies, !plan.expected.isEmpty else {
      try program(plan.vectorRows, plan.parallelism, &isTouched) { _ in }
      return
    }
    let total = plan.expected.reduce(0) { $0 + $1.bytes.count }
    var progress = PhaseProgress(.verifying, total: total, clock: clock, observer: observer)
    try verify(plan.expectedBeforeVectorRows, &progress)
    for rows in plan.closingStages {
      try program(rows, plan.parallelism, &isTouched) { _ in }
      try verify(plan.expected(in: rows), &progress)
    }
    progress.finish()
  }

  private func erase(_ plan: FlashPlan, _ isTouched: inout Bool) throws(FlashError) {
    guard !plan.eraseSteps.isEmpty else { return }
    let total = plan.erasedSectors.reduce(0) { $0 + $1.byteCount }
    var progress = PhaseProgress(.erasing, total: total, clock: clock, observer: observer)
    try controller.withUnlocked { () throws(FlashError) in
      for step in plan.eraseSteps {
        isTouched = true
        progress.advance(by: try erase(step, plan))
      }
    }
    progress.finish()
  }

  /// Does one erase operation.
  ///
  /// - Returns: the number of bytes that it has erased.
  private func erase(_ step: EraseStep, _ plan: FlashPlan) throws(FlashError) -> Int {
    let started = clock.now
    switch step {
    case .sector(let sector):
      try controller.erase(sector, plan.parallelism)
      observer(.sectorErased(sector, duration: clock.now - started))
      return sector.byteCount
    case .banks(let banks):
      try controller.erase(banks: banks, plan.parallelism)
      observer(.banksErased(banks, duration: clock.now - started))
      return plan.sectorMap.sectors.reduce(0) { $0 + (banks.contains($1.bank) ? $1.byteCount : 0) }
    }
  }

  private func program(
    _ blocks: [FlashBlock], _ parallelism: Parallelism, _ isTouched: inout Bool, advance: (Int) -> Void
  ) throws(FlashError) {
    guard !blocks.isEmpty else { return }
    try controller.withUnlocked { () throws(FlashError) in
      for block in blocks {
        isTouched = true
        try DirectProgrammer(controller: controller).program(block, parallelism, advance: advance)
      }
    }
  }

  private func verify(_ blocks: [FlashBlock], _ progress: inout PhaseProgress) throws(FlashError) {
    let reader = FlashReader(access: controller.access, observer: observer)
    try FlashCaches(access: controller.access).withFreshReads { () throws(FlashError) in
      try Verifier(reader: reader, context: .afterWriting).verify(blocks) { progress.advance(by: $0) }
    }
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
