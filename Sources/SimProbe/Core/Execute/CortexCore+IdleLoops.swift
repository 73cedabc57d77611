/// Waiting in loops: what polls a flag that nothing will change before something is due goes round in no time.
///
/// Firmware waits for flags, ticks and frames, and flash loaders for BSY; simulating each turn costs several times the
/// time that it stands for. So the core is watched now and then for one turn, instruction by instruction. When the turn
/// ends in the state in which it began, the words that it wrote hold what they held before, and whatever it read is
/// sure to answer the same, all turns until that is over are the same too, cycles and caches included; they are skipped.
/// What anybody can see is as if they had been executed.
extension CortexCore {
  /// Watches a turn or two of the loop that the core may be in, and skips the turns that follow until a cycle.
  func skipIdleTurns(until limit: UInt64) throws(CoreFault) {
    watch.begin(self)
    steadyRead.end = 0
    openStores(false)
    var hasFound = false
    defer {
      watch.isOn = false
      openStores(true)
      watch.plan(at: cycles, hasFound: hasFound)
    }
    for _ in 0..<LoopWatch.longestTurn {
      try step()
      guard cycles < cycleLimit, state == .running, !watch.hasEffect else { return }
      guard watch.head.matches(self), hasRestoredMemory, watch.isFlashAsBefore(self) else { continue }
      hasFound = true
      // A read in the cycle in which a turn ends must not be at the end of its promise.
      return skipTurns(until: min(limit, watch.end - 1))
    }
  }

  /// Lets turns like the watched one pass that end before a cycle.
  private func skipTurns(until end: UInt64) {
    guard end > cycles else { return }
    let turn = cycles - watch.beginCycle
    let turns = (end - cycles) / turn
    executedInstructions += turns * (executedInstructions - watch.beginInstructions)
    cycles += turns * turn
    accelerator.postpone(by: turns * turn)
  }

  /// Lets stores into fast memory be fast, or makes each of them visible to `noteStore(_:)`.
  private func openStores(_ areFast: Bool) {
    for region in fastMemory where region.isWritable {
      let index = Int(region.base >> FastMemory.slotBits)
      slots.data[index].writeLimit = areFast ? slots.data[index].readLimit : 0
    }
  }

  /// Whether the words that the turn wrote hold what they held before.
  private var hasRestoredMemory: Bool {
    watch.stores.allSatisfy { entry in plainWord(entry.address) == entry.old }
  }

  /// The word of plain memory in which an address lies; nil elsewhere, and in the flash where a store is meant.
  private func plainWord(_ address: UInt32, toStore: Bool = false) -> UInt32? {
    for region in fastMemory where address &- region.base < region.byteCount {
      guard region.isWritable || !toStore else { return nil }
      return FastSlot.load(.word, region.bytes + Int((address &- region.base) & ~3))
    }
    return nil
  }

  /// Notes a store before it is made: only one into plain memory can leave everything as it was, or one to a register that
  /// makes nothing of it.
  func noteStore(_ value: UInt32, at address: UInt32, _ width: BusWidth) {
    if let old = plainWord(address, toStore: true) {
      watch.noteStore(address & ~3, old: old)
    } else if Self.isPrivatePeripheral(address) {
      // What is enabled is compared when the turn ends: USB stacks shut their interrupt while they look at a queue.
      watch.hasEffect = watch.hasEffect || !(0xE000_E100..<0xE000_E200).contains(address)
    } else if !bus.absorbs(value, at: address, width) {
      watch.hasEffect = true
    }
  }

  /// Notes a load: how long it is sure to give the same.
  func noteLoad(_ address: UInt32, _ value: UInt32) {
    guard plainWord(address) == nil else { return }
    guard let end = Self.isPrivatePeripheral(address) ? steadyPrivateEnd(address, value) : steadyBusEnd(address) else {
      return watch.hasEffect = true
    }
    watch.end = min(watch.end, end)
  }

  /// The cycle until which the bus promises a register's answer.
  private func steadyBusEnd(_ address: UInt32) -> UInt64? {
    bus.steadyEnd(address).map { timeBase.cycle(at: min($0, runEnd)) }
  }

  /// The same for the core's own registers: SysTick's control register until COUNTFLAG sets, a stimulus port that is full until
  /// the next packet leaves, the interrupt controller and the control block, which change by writes and exceptions only.
  private func steadyPrivateEnd(_ address: UInt32, _ value: UInt32) -> UInt64? {
    switch address {
    case 0xE000_E010 where value & SystemTimer.countFlag == 0:
      sysTick.nextZero.map { $0 + standstillCycles } ?? .max
    case 0xE000_0000..<0xE000_0080: value == 0 ? nextTraceDeparture : .max
    case 0xE000_E014, 0xE000_E01C, 0xE000_E100..<0xE000_E4F0, 0xE000_ED00..<0xE000_ED90: .max
    default: nil
    }
  }
}
