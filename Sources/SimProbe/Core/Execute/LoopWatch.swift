/// What a core notes while it is watched going round in a loop: whether a turn leaves everything as it was.
struct LoopWatch {
  /// Whether a turn is being watched.
  var isOn = false
  /// Whether the turn did something that later turns might not do in the same way.
  var hasEffect = false
  /// The first cycle at which a register that was read may answer otherwise.
  var end: UInt64 = .max
  /// The state in which the turn began.
  private(set) var head = TurnState()
  /// Where it began.
  private(set) var beginCycle: UInt64 = 0
  private(set) var beginInstructions: UInt64 = 0
  private var flashReads: UInt64 = 0
  private var flashTimes: FlashAccelerator.Times?
  /// The words that were written to memory, each with what it held before.
  var stores: [(address: UInt32, old: UInt32)] = []

  /// The cycle at which the next look is due.
  var nextLook: UInt64 = 0
  /// The cycles between two looks: few while they find idle loops, more and more where a program works.
  var interval = LoopWatch.shortestInterval

  /// The cycles to the next look after one that has found a loop.
  static let shortestInterval: UInt64 = 128
  /// The cycles to the next look after many that were in vain: a look costs then less than a hundredth of the time.
  static let longestInterval: UInt64 = 1 << 18
  /// How many instructions a turn may have.
  static let longestTurn = 512
  /// How many words a turn may write.
  static let mostStores = 32

  /// Begins to watch a core.
  mutating func begin(_ core: CortexCore) {
    (isOn, hasEffect, end) = (true, false, .max)
    stores.removeAll(keepingCapacity: true)
    head.take(from: core)
    (beginCycle, beginInstructions) = (core.cycles, core.executedInstructions)
    (flashReads, flashTimes) = (core.accelerator.readCount, nil)
  }

  /// Whether the flash will take the same times in the next turn as in the one that ends.
  ///
  /// It does where the turn did not read it. Otherwise the turn that ends here becomes the first of two, which are
  /// compared: that is too dear for every look.
  mutating func isFlashAsBefore(_ core: CortexCore) -> Bool {
    guard core.accelerator.readCount != flashReads else { return true }
    let times = core.accelerator.times(at: core.cycles)
    if times == flashTimes { return true }
    (flashReads, flashTimes) = (core.accelerator.readCount, times)
    (beginCycle, beginInstructions) = (core.cycles, core.executedInstructions)
    return false
  }

  /// Notes a write to memory; one to a word that was written already keeps what was first there.
  mutating func noteStore(_ address: UInt32, old: UInt32) {
    guard !stores.contains(where: { $0.address == address }) else { return }
    guard stores.count < Self.mostStores else { return hasEffect = true }
    stores.append((address, old))
  }

  /// Plans the next look.
  mutating func plan(at cycle: UInt64, hasFound: Bool) {
    interval = hasFound ? Self.shortestInterval : min(2 * interval, Self.longestInterval)
    nextLook = cycle + interval
  }
}
