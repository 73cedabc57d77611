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
  /// The comparators.
  private(set) var comparators = [Comparator](repeating: Comparator(), count: comparatorCount)
  /// CPICNT, EXCCNT, SLEEPCNT, LSUCNT and FOLDCNT as written; without a trace port they do not move.
  private var profilingCounters = [UInt32](repeating: 0, count: 5)
  /// CYCCNT at `cycleReference`.
  private var cycleCount: UInt32 = 0
  private var cycleReference: UInt64 = 0

  /// CYCCNTENA.
  var countsCycles: Bool { control & 1 != 0 }

  /// Whether some comparator has a function.
  var isArmed: Bool { comparators.contains { $0.function & 0xF != 0 } }

  private static let controlMask: UInt32 = 0x007F_1FFF
  private static let functionMasks: [UInt32] = [0x000F_FFAF, 0x000F_FD2F, 0x000F_FC2F, 0x000F_FC2F]

  /// Reads the word at an offset; `executedCycles` is the count of cycles that the core ran (not those it was halted).
  mutating func read(_ offset: UInt32, executedCycles: UInt64, programCounter: UInt32?) -> UInt32 {
    switch offset {
    case 0x00: return UInt32(Self.comparatorCount) << 28 | control
    case 0x04:
      count(to: executedCycles)
      return cycleCount
    case 0x08..<0x1C: return profilingCounters[Int(offset - 8) / 4]
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
      control = value & Self.controlMask
    case 0x04:
      cycleReference = executedCycles
      cycleCount = value
    case 0x08..<0x1C: profilingCounters[Int(offset - 8) / 4] = value & 0xFF
    case 0x20..<0x60: writeComparator(offset - 0x20, value)
    default: break
    }
  }

  /// Notes that a comparator matched.
  mutating func noteMatch(_ index: Int) {
    comparators[index].matched = true
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
