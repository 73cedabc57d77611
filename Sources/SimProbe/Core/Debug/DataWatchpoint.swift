/// The data watchpoint and trace unit: four comparators and the counters (ARMv7-M, C1.8).
///
/// The registers outlive a system reset. The unit has no clock, reads as zero and ignores writes while DEMCR.TRCENA
/// is clear.
struct DataWatchpoint {
  /// One comparator: DWT_COMPn, DWT_MASKn and DWT_FUNCTIONn.
  struct Comparator: Equatable {
    /// The address, data value or cycle count to match.
    var reference: UInt32 = 0
    /// How many low address bits are ignored, 0 to 15.
    var mask: UInt32 = 0
    /// FUNCTION, EMITRANGE, CYCMATCH, DATAVMATCH, DATAVSIZE, DATAVADDR0, DATAVADDR1.
    var function: UInt32 = 0
    /// MATCHED: set by a match, cleared by reading the function register.
    var matched = false
  }

  /// How many comparators there are.
  static let comparatorCount = 4

  /// DWT_CTRL without the comparator count.
  private(set) var control: UInt32 = 0
  /// DEMCR.TRCENA.
  private(set) var hasClock = false
  /// The comparators.
  private(set) var comparators = [Comparator](repeating: Comparator(), count: comparatorCount)
  /// What samples and counts for the trace.
  var profiling = TraceProfiling()
  /// What comparators have made of the accesses of an instruction, for the trace.
  var matches: [TracePacket] = []
  /// Whether the instruction that executes has accessed data.
  var hasAccessedData = false
  /// CYCCNT at `cycleReference`.
  private(set) var cycleCount: UInt32 = 0
  private var cycleReference: UInt64 = 0
  /// CYCCNT when it was last compared.
  private var comparedCount: UInt32 = 0

  /// CYCCNTENA, while the unit has its clock.
  var countsCycles: Bool { hasClock && control & 1 != 0 }

  /// Whether some comparator has a function, or instructions are counted.
  var isArmed: Bool { comparators.contains { $0.function & 0xF != 0 } || countsInstructions }

  private static let controlMask: UInt32 = 0x007F_1FFF
  /// CYCMATCH exists in the first comparator alone, the comparison of values in the second (Cortex-M3 TRM, 11.6).
  private static let functionMasks: [UInt32] = [0xAF, 0x000F_FD2F, 0x2F, 0x2F]
  /// FUNCTION and CYCMATCH of a comparator that watches the cycle count.
  private static let cycleMatch: UInt32 = 0x84

  /// Reads the word at an offset; `executedCycles` is the count of cycles that the core ran (not those it was halted).
  mutating func read(_ offset: UInt32, executedCycles: UInt64, programCounter: UInt32?) -> UInt32 {
    switch offset {
    case 0x00: return UInt32(Self.comparatorCount) << 28 | control
    case 0x04:
      count(to: executedCycles)
      return cycleCount
    case 0x08..<0x1C: return profiling.counters[Int(offset - 8) / 4]
    case 0x1C: return programCounter ?? 0xFFFF_FFFF
    case 0x20..<0x60: return readComparator(offset - 0x20)
    default: return 0
    }
  }

  /// Writes the word at an offset.
  mutating func write(_ offset: UInt32, _ value: UInt32, executedCycles: UInt64) {
    switch offset {
    case 0x00:
      count(to: executedCycles)
      for index in profiling.counters.indices where value & ~control & Self.counterEnable(index) != 0 {
        profiling.counters[index] = 0
      }
      control = value & Self.controlMask
      (profiling.postCount, profiling.nextSample) = (control >> 5 & 0xF, .max)
    case 0x04:
      cycleReference = executedCycles
      cycleCount = value
      profiling.nextSample = .max
    case 0x08..<0x1C: profiling.counters[Int(offset - 8) / 4] = value & 0xFF
    case 0x20..<0x60: writeComparator(offset - 0x20, value)
    default: break
    }
    count(to: executedCycles)
    comparedCount = cycleCount
  }

  /// Gives the unit its clock, or takes it: without, CYCCNT stands still.
  mutating func setClock(_ hasClock: Bool, executedCycles: UInt64) {
    count(to: executedCycles)
    self.hasClock = hasClock
  }

  /// Compares a data access with the comparators, notes matches, and returns whether one of them is a watchpoint.
  mutating func noteMatch(_ access: CoreAccess, value: UInt32, by instruction: UInt32) -> Bool {
    var isWatched = false
    hasAccessedData = true
    traceMatches(access, value: value, by: instruction)
    for index in comparators.indices where matches(index, access, access.written ?? value) {
      comparators[index].matched = true
      isWatched = true
    }
    return isWatched
  }

  /// Compares an executed instruction's address, which only function 4 watches, and the cycles that have passed.
  mutating func noteExecution(_ address: UInt32, executedCycles: UInt64) -> Bool {
    var isWatched = noteCycles(executedCycles)
    for index in comparators.indices where comparators[index].function & 0xAF == 4 {
      let ignored = UInt32(1) << comparators[index].mask - 1
      guard (address ^ comparators[index].reference) & ~ignored == 0 else { continue }
      comparators[index].matched = true
      isWatched = true
    }
    return isWatched
  }

  /// Whether CYCCNT has reached the first comparator since the last look.
  private mutating func noteCycles(_ executedCycles: UInt64) -> Bool {
    guard comparators[0].function & 0x8F == Self.cycleMatch, countsCycles else { return false }
    count(to: executedCycles)
    let distance = comparators[0].reference &- comparedCount
    let hasMatched = distance != 0 && distance <= cycleCount &- comparedCount
    comparedCount = cycleCount
    if hasMatched { comparators[0].matched = true }
    return hasMatched
  }

  /// Functions 5, 6 and 7 watch reads, writes and both; a comparator with DATAVMATCH watches values, at the addresses
  /// of the comparators that it is linked to.
  private func matches(_ index: Int, _ access: CoreAccess, _ value: UInt32) -> Bool {
    let comparator = comparators[index]
    guard Self.watches(comparator.function & 0xF, access) else { return false }
    guard comparator.function & 1 << 8 != 0 else {
      return comparator.function & 1 << 7 == 0 && Self.covers(comparator, access)
    }
    let linked = [Int(comparator.function >> 12 & 0xF), Int(comparator.function >> 16 & 0xF)]
    let addresses = linked.filter { $0 != index && $0 < Self.comparatorCount }
    guard addresses.isEmpty || addresses.contains(where: { Self.covers(comparators[$0], access) }) else { return false }
    // DATAVSIZE: the reference holds the value in every lane of that size.
    let mask: UInt32 = Self.valueMasks[Int(comparator.function >> 10 & 3)]
    return (value ^ comparator.reference) & mask == 0
  }

  private static let valueMasks: [UInt32] = [0xFF, 0xFFFF, 0xFFFF_FFFF, 0xFFFF_FFFF]

  private static func watches(_ function: UInt32, _ access: CoreAccess) -> Bool {
    switch function {
    case 5: return access.written == nil
    case 6: return access.written != nil
    case 7: return true
    default: return false
    }
  }

  /// Notes that a comparator has matched.
  mutating func noteMatched(_ index: Int) { comparators[index].matched = true }

  static func covers(_ comparator: Comparator, _ access: CoreAccess) -> Bool {
    let ignored = UInt32(1) << comparator.mask - 1
    let first = access.address & ~ignored
    let last = (access.address + access.width.rawValue - 1) & ~ignored
    return (first...last).contains(comparator.reference & ~ignored)
  }

  /// CYCCNT after the given number of executed cycles.
  mutating func count(to executedCycles: UInt64) {
    if countsCycles { cycleCount &+= UInt32(truncatingIfNeeded: executedCycles &- cycleReference) }
    cycleReference = executedCycles
  }

  private mutating func readComparator(_ offset: UInt32) -> UInt32 {
    let index = Int(offset / 16)
    switch offset % 16 {
    case 0: return comparators[index].reference
    case 4: return comparators[index].mask
    case 8:
      let matched: UInt32 = comparators[index].matched ? 1 << 24 : 0
      comparators[index].matched = false
      // LNK1ENA: comparator 1 can be linked to a second address comparator.
      return comparators[index].function | matched | (index == 1 ? 1 << 9 : 0)
    default: return 0
    }
  }

  private mutating func writeComparator(_ offset: UInt32, _ value: UInt32) {
    let index = Int(offset / 16)
    switch offset % 16 {
    case 0: comparators[index].reference = value
    case 4: comparators[index].mask = value & 0xF
    case 8: comparators[index].function = value & Self.functionMasks[index]
    default: break
    }
  }
}
