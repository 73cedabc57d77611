/// What the DWT samples and counts for the trace (ARMv7-M, C1.8).
struct TraceProfiling {
  /// CPICNT, EXCCNT, SLEEPCNT, LSUCNT and FOLDCNT, of eight bits each.
  var counters = [UInt32](repeating: 0, count: 5)
  /// POSTCNT.
  var postCount: UInt32 = 0
  /// The executed cycles at which POSTCNT or the tap for synchronisation is due next; `.max` for never.
  var nextTap: UInt64 = .max
  var nextSample: UInt64 = .max
  var nextSynchronisation: UInt64 = .max
}

/// What the DWT makes for the trace stream: samples, counters' events and traced accesses.
extension DataWatchpoint {
  /// A profiling counter by its place among the registers, and its bit in a packet.
  enum Counter: Int {
    /// Cycles of instructions beyond their first, and waits for fetches.
    case instructions = 0
    /// Cycles of entering and leaving exceptions.
    case exceptions = 1
    /// Cycles asleep.
    case sleep = 2
    /// Cycles of loads and stores beyond their first.
    case accesses = 3
  }

  /// What the cycle counter's taps ask for.
  struct Taps {
    var isSampleDue = false
    var isSynchronisationDue = false
  }

  private static let sampling: UInt32 = 1 << 12
  private static let exceptionTrace: UInt32 = 1 << 16
  private static let cycleEvents: UInt32 = 1 << 22
  /// CPIEVTENA to FOLDEVTENA follow each other.
  static func counterEnable(_ index: Int) -> UInt32 { 1 << (17 + UInt32(index)) }
  private static let cycleWrap: UInt8 = 1 << 5

  /// EXCTRCENA.
  var tracesExceptions: Bool { hasClock && control & Self.exceptionTrace != 0 }
  /// PCSAMPLENA.
  var samplesProgramCounter: Bool { control & Self.sampling != 0 }
  /// Whether a counter counts.
  func counts(_ counter: Counter) -> Bool { hasClock && control & Self.counterEnable(counter.rawValue) != 0 }
  /// Whether each instruction has to be looked at for the counters.
  var countsInstructions: Bool { counts(.instructions) || counts(.accesses) }

  /// Plans the next taps of the cycle counter.
  ///
  /// - Parameters:
  ///   - samples: whether anybody takes samples.
  ///   - synchronises: whether anybody takes the tap for synchronisation.
  mutating func planTaps(executedCycles: UInt64, samples: Bool, synchronises: Bool) {
    count(to: executedCycles)
    if profiling.nextSample != .max, profiling.nextSample > executedCycles {
      profiling.postCount = UInt32((profiling.nextSample - executedCycles - 1) / UInt64(tapPeriod))
    }
    (profiling.nextSample, profiling.nextSynchronisation) = (.max, .max)
    if countsCycles, samples, control & (Self.sampling | Self.cycleEvents) != 0 {
      let distance = tapPeriod - cycleCount % tapPeriod + profiling.postCount * tapPeriod
      profiling.nextSample = executedCycles + UInt64(distance)
    }
    let tap = control >> 10 & 3
    if countsCycles, synchronises, tap != 0 {
      let period: UInt32 = 1 << (22 + 2 * tap)
      profiling.nextSynchronisation = executedCycles + UInt64(period - cycleCount % period)
    }
    profiling.nextTap = min(profiling.nextSample, profiling.nextSynchronisation)
  }

  /// Takes the taps that are due; afterwards the next ones have to be planned.
  mutating func takeTaps(executedCycles: UInt64) -> Taps {
    let taps = Taps(
      isSampleDue: profiling.nextSample <= executedCycles,
      isSynchronisationDue: profiling.nextSynchronisation <= executedCycles)
    // POSTCNT begins anew from POSTPRESET.
    if taps.isSampleDue { (profiling.postCount, profiling.nextSample) = (control >> 1 & 0xF, .max) }
    return taps
  }

  /// CYCTAP: a tap is every turn of CYCCNT's bit 6 or bit 10.
  private var tapPeriod: UInt32 { control & 1 << 9 != 0 ? 1024 : 64 }

  /// The packet of a sample: where the core is, or that the cycle counter's tap has been.
  func sample(_ programCounter: UInt32?) -> TracePacket {
    guard samplesProgramCounter else { return .countersWrapped(Self.cycleWrap) }
    return programCounter.map { .programCounter($0) } ?? .asleep
  }

  /// Adds cycles to a counter; returns the packets of its wraps.
  mutating func add(_ cycles: UInt64, to counter: Counter) -> [TracePacket] {
    guard counts(counter), cycles > 0 else { return [] }
    let sum = UInt64(profiling.counters[counter.rawValue]) + cycles
    profiling.counters[counter.rawValue] = UInt32(sum & 0xFF)
    return Array(repeating: .countersWrapped(1 << UInt8(counter.rawValue)), count: Int(clamping: sum >> 8))
  }

  /// How many cycles there are until a counter wraps.
  func cyclesToWrap(_ counter: Counter) -> UInt64 {
    counts(counter) ? 256 - UInt64(profiling.counters[counter.rawValue]) : .max
  }

  /// Notes what functions 1 to 3 and C to F trace of an access: instruction, address, value, in this order.
  mutating func traceMatches(_ access: CoreAccess, value: UInt32, by instruction: UInt32) {
    for index in comparators.indices {
      let comparator = comparators[index]
      guard let traced = TracedParts(comparator.function, isWrite: access.written != nil),
        comparator.function & 0x180 == 0, Self.covers(comparator, access)
      else { continue }
      noteMatched(index)
      if traced.hasInstruction { matches.append(.matchedInstruction(comparator: index, instruction)) }
      if traced.hasAddress { matches.append(.matchedAddress(comparator: index, access.address)) }
      guard traced.hasValue else { continue }
      let isWrite = access.written != nil
      matches.append(
        .matchedValue(comparator: index, access.written ?? value, access.width, isWrite: isWrite))
    }
  }

  /// What a comparator's function traces of an access that it matches (ARMv7-M, table C1-21).
  private struct TracedParts {
    var hasInstruction = false
    var hasAddress = false
    var hasValue = false

    init?(_ function: UInt32, isWrite: Bool) {
      let isEmittingAddress = function & 1 << 5 != 0
      switch function & 0xF {
      case 1: break
      case 2, 3: hasValue = true
      case 0xC where !isWrite, 0xD where isWrite, 0xE where !isWrite, 0xF where isWrite: hasValue = true
      default: return nil
      }
      let hasPlace = [1, 3, 0xE, 0xF].contains(function & 0xF)
      hasInstruction = hasPlace && !isEmittingAddress
      hasAddress = isEmittingAddress
    }
  }
}
