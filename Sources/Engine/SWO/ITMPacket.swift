/// A packet of the trace stream that ITM and DWT send (ARMv7-M, appendix D4).
public enum ITMPacket: Sendable, Equatable {
  /// What software has written to a stimulus port: its number, the value, and in how many bytes, 1, 2 or 4.
  case stimulus(port: Int, value: UInt32, byteCount: Int)
  /// The chip has lost packets, because there was no room for them.
  case overflow
  /// Synchronisation.
  case synchronisation
  /// Ticks since the last local timestamp.
  case localTimestamp(ticks: UInt32, TimestampRelation)
  /// Bits 25:0 of the global time, as far as they are sent.
  case globalTimestamp(low: UInt32, clockHasChanged: Bool, hasWrapped: Bool)
  /// Bits 47:26, or 63:26, of the global time.
  case globalTimestampHigh(UInt64)
  /// Counters of the DWT that have wrapped.
  case counterWrap(DWTCounters)
  /// A step of an exception's life.
  case exception(number: Int, ExceptionEvent)
  /// A sample of the program counter.
  case programCounter(UInt32)
  /// A sample of a core that sleeps.
  case asleep
  /// A sample that the core does not allow.
  case sampleProhibited
  /// The address of the instruction that made a comparator of the DWT match.
  case tracedInstruction(comparator: Int, address: UInt32)
  /// Bits 15:0 of the address whose access made a comparator match.
  case tracedAddress(comparator: Int, UInt16)
  /// The value of an access that made a comparator match.
  case tracedValue(comparator: Int, value: UInt32, byteCount: Int, isWrite: Bool)
  /// Bytes that are no packet, or one that is reserved.
  case unknown([UInt8])
  /// The stream comes in the frames of the TPIU's formatter, which are unpacked from here on.
  case formatterFound

  /// How a local timestamp belongs to the packets before it.
  public enum TimestampRelation: UInt8, Sendable {
    /// It tells when they were made.
    case inTime = 0
    /// It comes late.
    case timestampDelayed = 1
    /// They came late.
    case packetDelayed = 2
    /// Both did.
    case bothDelayed = 3
  }

  /// What has happened to an exception.
  public enum ExceptionEvent: UInt8, Sendable {
    /// Its handler has begun.
    case entered = 1
    /// Its handler has ended.
    case exited = 2
    /// Its handler, or the program where the number is 0, goes on.
    case returnedTo = 3
  }
}

/// The profiling counters of the DWT.
public struct DWTCounters: OptionSet, Sendable, Hashable {
  /// Their bits in a packet.
  public let rawValue: UInt8

  /// Makes a set from the bits in a packet.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// Cycles of instructions beyond their first.
  public static let instructions = DWTCounters(rawValue: 1 << 0)
  /// Cycles of entering and leaving exceptions.
  public static let exceptions = DWTCounters(rawValue: 1 << 1)
  /// Cycles asleep.
  public static let sleep = DWTCounters(rawValue: 1 << 2)
  /// Cycles of loads and stores beyond their first.
  public static let accesses = DWTCounters(rawValue: 1 << 3)
  /// Folded instructions.
  public static let folded = DWTCounters(rawValue: 1 << 4)
  /// The tap of the cycle counter.
  public static let cycles = DWTCounters(rawValue: 1 << 5)
}
