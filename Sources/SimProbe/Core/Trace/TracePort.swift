/// The trace port interface unit: makes characters on one pin of the trace stream (Cortex-M3 TRM, chapter 17).
struct TracePort {
  /// How a character stands on the pin (SPPR).
  enum Encoding: UInt32 {
    /// Four pins and a clock: nothing on the one pin.
    case parallel = 0
    case manchester = 1
    case nrz = 2
  }

  /// ACPR.
  private(set) var prescaler: UInt32 = 0
  /// SPPR.
  private(set) var protocolCode: UInt32 = Encoding.manchester.rawValue
  /// EnFCont: whether the formatter packs the stream into frames.
  private(set) var hasFormatter = true
  /// From which cycle on the pin is free.
  private(set) var free: UInt64 = 0
  /// The bytes that leave next.
  private var outgoing: [UInt8] = []
  private var portSize: UInt32 = 1
  private var formatter = TraceFormatter()
  private let identification: ComponentIdentification

  /// Start bit, eight bits, stop bit.
  private static let bitsPerByte: UInt64 = 10

  init(_ profile: CoreProfile) {
    identification = profile.tracePortIdentification
  }

  /// The processor's clock cycles of a bit: TRACECLKIN is HCLK.
  var cyclesPerBit: UInt64 { UInt64(prescaler) + 1 }
  /// The protocol; nil for the code that is reserved.
  var encoding: Encoding? { Encoding(rawValue: protocolCode) }
  /// Whether something is on its way.
  var isBusy: Bool { !outgoing.isEmpty || formatter.isPartial }
  var hasOutgoing: Bool { !outgoing.isEmpty }

  /// Reads the word at an offset.
  func read(_ offset: UInt32) -> UInt32 {
    switch offset {
    case 0x000: 0x0000_000B  // SSPSR: port sizes 1, 2 and 4
    case 0x004: portSize  // CSPSR
    case 0x010: prescaler  // ACPR
    case 0x0F0: protocolCode  // SPPR
    case 0x300: 0x0000_0008  // FFSR: the formatter cannot be stopped
    case 0x304: 0x0000_0100 | (hasFormatter ? 2 : 0)  // FFCR: TrigIn is fixed
    case 0xFC8: 0x0000_0CA1  // DEVID
    case 0xFCC: 0x0000_0011  // DEVTYPE
    case ComponentIdentification.firstOffset...: identification.register(at: offset)
    default: 0
    }
  }

  /// Writes the word at an offset.
  mutating func write(_ offset: UInt32, _ value: UInt32) {
    switch offset {
    case 0x004: portSize = value & 0xB
    case 0x010: prescaler = value & 0x1FFF
    case 0x0F0: protocolCode = value & 3
    case 0x304:
      hasFormatter = value & 2 != 0
      formatter = TraceFormatter()
    default: break
    }
  }

  /// The cycle from which the port takes the next packet.
  var nextRoom: UInt64 { free + UInt64(outgoing.count) * Self.bitsPerByte * cyclesPerBit }

  /// Takes bytes that are to leave from a cycle on, not before those that are on their way.
  mutating func take(_ bytes: [UInt8], from sourceID: UInt8, at cycle: UInt64) {
    free = max(free, cycle)
    outgoing += hasFormatter ? formatter.pack(bytes, from: sourceID) : bytes
  }

  /// Nothing more comes for now: a frame that has begun is filled up.
  ///
  /// - Returns: whether there was one.
  mutating func fillFrame() -> Bool {
    guard formatter.isPartial else { return false }
    outgoing += formatter.fill()
    return true
  }

  /// A synchronisation frame goes before the next one.
  mutating func synchronise(at cycle: UInt64) {
    guard hasFormatter else { return }
    free = max(free, cycle)
    outgoing += TraceFormatter.synchronisation
  }

  /// Takes the byte that leaves next, and when it begins to.
  mutating func takeByte() -> (byte: UInt8, start: UInt64) {
    let start = free
    free += Self.bitsPerByte * cyclesPerBit
    return (outgoing.removeFirst(), start)
  }
}
