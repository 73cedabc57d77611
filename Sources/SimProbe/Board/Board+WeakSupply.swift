/// Supplies that give way: the core's own 1.2 V, which the capacitors at the VCAP pins hold up, and the board's.
extension Board {
  /// Below this the regulator cannot hold its output under the load of an erase, in nanofarads.
  ///
  /// Assumed, half of what the data sheets ask for at one pin; the reports say which symptoms there are, not at what
  /// capacitance.
  private static let holdingNanofarads = 1000
  /// How long an erase draws its current before the voltage has fallen, in nanoseconds; assumed.
  private static let collapseTime: UInt64 = 1_000_000

  /// Takes capacitors off the VCAP pins, so that less than the 2.2 uF that the regulator needs is left.
  func leaveCoreCapacitors(nanofarads: Int) {
    chip.flash.isCoreSupplyWeak = true
    if nanofarads < Board.holdingNanofarads { collapseUnderErase { _ in true } }
  }

  /// Makes the supply fall by so much while the flash works.
  func weakenSupply(byMillivolts drop: Int) {
    chip.flash.loadDropMillivolts = drop
    collapseUnderErase { $0.chipMillivolts - drop < $0.chip.supplyThreshold.falling }
  }

  /// Takes the supply away for a time.
  func interruptSupply(milliseconds: Int) {
    changeSupply { $0.isConnected = false }
    chip.schedule(at: chip.synchronised + UInt64(milliseconds) * 1_000_000, for: self) { board in
      board.changeSupply { $0.isConnected = true }
    }
  }

  /// Lets core, RAM, debug port and the operation in progress be lost shortly after an erase has begun; a programming
  /// pulse is over before.
  private func collapseUnderErase(where isTooMuch: @escaping (Board) -> Bool) {
    chip.flash.operationBegan.connect(to: self) { board, operation in
      if case .program = operation.kind { return }
      guard isTooMuch(board) else { return }
      board.chip.schedule(at: min(operation.end - 1, operation.start + Board.collapseTime), for: board) {
        $0.interruptSupply()
        $0.resumeSupply()
      }
    }
  }
}
