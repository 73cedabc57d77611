extension FlashInterface {
  /// The wait states that a read needs now; nil where no number of them is enough.
  var neededLatency: UInt32? { waitStates.needed(hertz: clockHertz, millivolts: supplyMillivolts) }

  /// What comes out of the flash for a value in its cells.
  ///
  /// A read that comes too early finds no bit line pulled down yet: ones.
  func sensed(_ value: UInt32, _ width: BusWidth) -> UInt32 {
    guard readsTooEarly else { return value }
    noteEarlyRead()
    return UInt32.max >> (32 - 8 * width.rawValue)
  }

  private func noteEarlyRead() {
    guard earlyReads == nil else {
      earlyReads?.count += 1
      return
    }
    earlyReads = EarlyFlashReads(
      hertz: clockHertz, latency: latency, needed: neededLatency, millivolts: supplyMillivolts,
      programCounter: executing?.executingAddress, count: 1)
  }
}
