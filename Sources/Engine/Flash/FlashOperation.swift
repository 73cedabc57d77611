/// One thing that a plan does to the flash.
enum FlashOperation: Equatable {
  /// Erases.
  case erase(EraseStep)
  /// Programs whole rows.
  case program(FlashBlock)
}

/// A part of a plan that is carried out and then compared.
struct FlashStage {
  /// What is done, in order.
  var operations: [FlashOperation]
  /// What the flash must hold then.
  var expected: [FlashBlock]
}

// The one order in which a plan is shown and carried out.
extension FlashPlan {
  /// The plan stage by stage; each begins only when what the one before has left was found right.
  ///
  /// Erasing and programming come first. The rows that a program can start from follow, and the one that the core starts
  /// from at a reset by itself at the very end: nothing starts before all that it needs is there.
  var stages: [FlashStage] {
    let rows = vectorRows.map(\.range).sorted { $0.lowerBound < $1.lowerBound }
    let body = FlashStage(operations: operations, expected: expected.flatMap { $0.parts(outside: rows) })
    let closing = [vectorRows.dropLast(), vectorRows.suffix(1)].filter { !$0.isEmpty }
    return [body]
      + closing.map { rows in
        FlashStage(
          operations: rows.map { .program($0) },
          expected: rows.flatMap { row in expected.compactMap { $0.part(in: row.range) } })
      }
  }

  /// What is done in the first stage: each erase right before what is programmed where it erased.
  ///
  /// By turns, because the link can send while the controller erases, but no further ahead than the RAM is large. Sectors
  /// with vector tables are erased before all others all the same.
  private var operations: [FlashOperation] {
    var operations: [FlashOperation] = []
    var erases = eraseSteps[...]
    if let first = erases.popFirst() { operations.append(.erase(first)) }
    for block in blocks {
      let sector = sectorMap.sector(at: block.address)
      while let step = erases.first, erases.contains(where: { sector.map($0.erases) ?? false }) {
        operations.append(.erase(step))
        erases.removeFirst()
      }
      operations.append(.program(block))
    }
    return operations + erases.map { .erase($0) }
  }
}
