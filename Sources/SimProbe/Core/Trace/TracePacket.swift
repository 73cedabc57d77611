/// A packet of the trace stream that ITM and DWT make (ARMv7-M, appendix D4).
enum TracePacket: Equatable {
  /// At least 47 zero bits and a one, which no other packet holds.
  case synchronisation
  /// Packets were lost, because there was no room for them.
  case overflow
  /// What software has written to a stimulus port.
  case stimulus(port: Int, value: UInt32, width: BusWidth)
  /// Counters that have wrapped: 0 CPI, 1 exceptions, 2 sleep, 3 loads and stores, 4 folded instructions, 5 cycles.
  case countersWrapped(UInt8)
  /// A step of an exception's life.
  case exception(number: Int, ExceptionStep)
  /// A sampled program counter.
  case programCounter(UInt32)
  /// A sample of a core that sleeps.
  case asleep
  /// The address of the instruction that a comparator has matched.
  case matchedInstruction(comparator: Int, UInt32)
  /// Bits 15:0 of the address that a comparator has matched.
  case matchedAddress(comparator: Int, UInt32)
  /// The value of an access that a comparator has matched.
  case matchedValue(comparator: Int, UInt32, BusWidth, isWrite: Bool)
  /// Ticks since the last local timestamp; whether it, or what it belongs to, comes late.
  case localTimestamp(UInt32, isLate: Bool, isPacketLate: Bool)
  /// Bits 25:0 of the global time; whether the others have changed.
  case globalTimestamp(UInt32, hasWrapped: Bool)
  /// Bits 47:26 of the global time.
  case globalTimestampHigh(UInt32)

  /// What is traced of an exception.
  enum ExceptionStep: UInt8 {
    case entered = 1
    case exited = 2
    case returnedTo = 3
  }

  /// The bytes, in the order in which they are sent.
  var bytes: [UInt8] {
    switch self {
    case .synchronisation: [0, 0, 0, 0, 0, 0x80]
    case .overflow: [0x70]
    case .stimulus(let port, let value, let width): Self.source(UInt8(port) << 3, value, width)
    case .countersWrapped(let counters): [0x05, counters]
    case .exception(let number, let step):
      [0x0E, UInt8(truncatingIfNeeded: number), UInt8(number >> 8 & 1) | step.rawValue << 4]
    case .programCounter(let address): Self.source(2 << 3 | 4, address, .word)
    case .asleep: [0x15, 0]
    case .matchedInstruction(let comparator, let address):
      Self.source(0x40 | UInt8(comparator) << 4 | 4, address, .word)
    case .matchedAddress(let comparator, let address):
      Self.source(0x48 | UInt8(comparator) << 4 | 4, address, .halfword)
    case .matchedValue(let comparator, let value, let width, let isWrite):
      Self.source(0x80 | UInt8(comparator) << 4 | (isWrite ? 8 : 0) | 4, value, width)
    case .localTimestamp(let ticks, let isLate, let isPacketLate):
      Self.localTimestamp(ticks, (isLate ? 1 : 0) | (isPacketLate ? 2 : 0))
    case .globalTimestamp(let time, let hasWrapped):
      [0x94, Self.septet(time, 0), Self.septet(time, 1), Self.septet(time, 2)]
        + [UInt8(time >> 21 & 0x1F) | (hasWrapped ? 0x40 : 0)]
    case .globalTimestampHigh(let time):
      [0xB4, Self.septet(time, 0), Self.septet(time, 1), Self.septet(time, 2), UInt8(time >> 21 & 0x7F)]
    }
  }

  /// A header with the size of the payload, and the payload.
  private static func source(_ header: UInt8, _ value: UInt32, _ width: BusWidth) -> [UInt8] {
    let size: UInt8 = width == .byte ? 1 : width == .halfword ? 2 : 3
    return [header | size] + (0..<width.rawValue).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// Format 2 for 1 to 6 ticks in time, else format 1: seven bits a byte, the lowest first.
  private static func localTimestamp(_ ticks: UInt32, _ lateness: UInt8) -> [UInt8] {
    if lateness == 0, (1...6).contains(ticks) { return [UInt8(ticks) << 4] }
    var bytes: [UInt8] = [0xC0 | lateness << 4]
    var rest = ticks
    repeat {
      bytes.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
      rest >>= 7
    } while rest != 0
    return bytes
  }

  /// Seven bits, and the bit that says that more follow.
  private static func septet(_ value: UInt32, _ index: UInt32) -> UInt8 { UInt8(value >> (7 * index) & 0x7F) | 0x80 }
}
