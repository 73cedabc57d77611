import Basics

/// Erases, programs and compares by the loader in the target's RAM, to which the host sends ahead while it works.
///
/// Comparing is summing, and reading where sums differ.
struct LoaderProgrammer: FlashWorker {
  let loader: Loader
  let reader: FlashReader

  /// What one sum covers: what would have to be read over the link if it differs.
  private static let bytesPerSum = 16_384

  func perform(
    _ operations: [FlashOperation], of plan: FlashPlan, _ phases: inout WritingPhases
  ) throws(FlashError) {
    try loader.perform(operations.map { job($0, plan) }) { run, done in
      var programmed = 0
      for (job, result) in done {
        if let step = job.erases { phases.erased(step, took: Loader.duration(cycles: result)) }
        programmed += job.command.programmed?.bytes.count ?? 0
      }
      phases.programmed(programmed, ofBlockAtHand: run.consumedData)
    }
  }

  private func job(_ operation: FlashOperation, _ plan: FlashPlan) -> LoaderJob {
    switch operation {
    case .erase(let step):
      LoaderJob(
        command: .erase(step.control(plan.parallelism).started), action: step.action(on: plan.sectorMap), erases: step,
        time: step.time(on: plan.sectorMap, plan.parallelism))
    case .program(let block):
      LoaderJob(
        command: .program(block, .programming(plan.parallelism)), action: "programming \(block.range.addresses)",
        sector: plan.sectorMap.sector(at: block.address),
        time: plan.sectorMap.family.timing.program(byteCount: block.bytes.count, plan.parallelism))
    }
  }

  func verify(
    _ blocks: [FlashBlock], _ context: Verifier.Context, advance: (Int) -> Void
  ) throws(FlashError) {
    let pieces = blocks.flatMap { block in
      block.range.words.pieces(of: LoaderProgrammer.bytesPerSum).compactMap(block.part)
    }
    let sums = try loader.sums(of: pieces.map(\.range)) { advance($0.count) }
    let differing = zip(pieces, sums).filter { ChecksumUnit.sum(of: $0.0.bytes) != $0.1 }
    let edges = blocks.flatMap { $0.parts(outside: $0.range.words) }
    let doubtful = (differing.map(\.0) + edges).sorted { $0.address < $1.address }
    let total = blocks.reduce(0) { $0 + $1.bytes.count }
    try Verifier(reader: reader, context: context).verify(doubtful, of: total) { _ in }
    advance(edges.reduce(0) { $0 + $1.bytes.count })
    if let (piece, sum) = differing.first {
      throw FlashError(.checksum(piece.range, expected: ChecksumUnit.sum(of: piece.bytes), found: sum))
    }
  }

  func stop() throws(DebugError) { try loader.stop() }
}
