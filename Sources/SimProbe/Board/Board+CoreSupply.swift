/// The core's own supply of 1.2 V, which the capacitors at the VCAP pins hold up.
extension Board {
  /// Below this the regulator cannot hold its output under the load of an erase, in nanofarads.
  ///
  /// Assumed, half of what the data sheets ask for at one pin; the reports say which symptoms there are, not at what
  /// capacitance.
  private static let holdingNanofarads = 1000
  /// How long an erase draws its current before the output has fallen, in nanoseconds; assumed.
  private static let collapseTime: UInt64 = 1_000_000

  /// Takes capacitors off the VCAP pins, so that less than the 2.2 uF that the regulator needs is left.
  func leaveCoreCapacitors(nanofarads: Int) {
    chip.flash.isCoreSupplyWeak = true
    guard nanofarads < Board.holdingNanofarads else { return }
    chip.flash.operationObservers.append { [unowned self] operation in
      if case .program = operation.kind { return }
      chip.schedule(at: min(operation.end - 1, operation.start + Board.collapseTime)) { [unowned self] in
        collapseCoreSupply()
      }
    }
  }

  /// The 1.2 V domain loses everything: core, RAM, debug port, and the flash operation in progress.
  private func collapseCoreSupply() {
    interruptSupply()
    resumeSupply()
  }
}
