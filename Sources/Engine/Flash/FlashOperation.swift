/// One thing that a plan does to the flash.
public enum FlashOperation: Sendable, Equatable {
  /// Erases.
  case erase(EraseStep)
  /// Programs whole rows.
  case program(FlashBlock)
}

extension FlashPlan {
  /// What is done before the comparison, in order: each erase right before what is programmed where it erased.
  ///
  /// By turns, because the link can send while the controller erases, but no further ahead than the RAM is large. Sectors
  /// with vector tables are erased before all others all the same.
  public var operations: [FlashOperation] {
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
