/// Makes packets of the bytes of a trace stream, piece by piece.
///
/// It takes the first byte for the beginning of a packet, because a stream need not have any synchronisation; whatever it has
/// taken wrongly, five zero bytes and 0x80 set it right, which no packet holds.
public struct ITMDecoder: Sendable {
  /// The bytes of the packet that comes in.
  private var partial: [UInt8] = []
  /// How many zero bytes have come in last, whatever they were taken for.
  private var zeroCount = 0
  /// The page of stimulus ports.
  private var page = 0
  /// What unpacks the formatter's frames; nil where there are none.
  private var frames: TraceFrames?

  /// The zero bytes of a synchronisation packet (47 zero bits and a one).
  private static let synchronisationZeros = 5
  private static let portsPerPage = 32
  /// The longest payload of packets whose length their bytes tell, reserved ones included.
  private static let longestPayload = 7

  /// A decoder at the beginning of a stream.
  public init() {}

  /// Takes bytes, and returns the packets that they complete.
  public mutating func decode(_ bytes: some Sequence<UInt8>) -> [ITMPacket] {
    var packets: [ITMPacket] = []
    for byte in bytes {
      guard frames != nil else {
        take(byte, &packets)
        continue
      }
      for unpacked in frames?.take(byte) ?? [] {
        take(unpacked, &packets)
        if packets.last == .synchronisation { frames?.noteSynchronisation() }
      }
      if let rest = frames?.noFrame { leaveFrames(rest, &packets) }
    }
    return packets
  }

  /// There are no frames: noise only looked like their beginning.
  private mutating func leaveFrames(_ rest: [UInt8], _ packets: inout [ITMPacket]) {
    frames = nil
    lose(&packets)
    packets.append(.unknown(rest))
    zeroCount = 0
  }

  private mutating func take(_ byte: UInt8, _ packets: inout [ITMPacket]) {
    if byte == 0x80, zeroCount >= Self.synchronisationZeros {
      synchronise(&packets)
      return
    }
    zeroCount = byte == 0 ? zeroCount + 1 : 0
    if partial == [0], byte != 0 {
      // No synchronisation: a zero alone is none.
      lose(&packets)
    }
    if byte == 0, partial.isEmpty || partial == [0] {
      // Zeros between packets are the beginning of a synchronisation; more of them change nothing.
      partial = [0]
      return
    }
    partial.append(byte)
    guard isComplete else { return }
    finish(&packets)
  }

  /// Ends whatever comes in by a synchronisation packet.
  private mutating func synchronise(_ packets: inout [ITMPacket]) {
    // The zeros at its end are the synchronisation's own.
    while partial.last == 0 { partial.removeLast() }
    lose(&packets)
    zeroCount = 0
    page = 0
    packets.append(.synchronisation)
  }

  private mutating func lose(_ packets: inout [ITMPacket]) {
    if !partial.isEmpty { packets.append(.unknown(partial)) }
    partial = []
  }

  /// Whether the packet that comes in is complete.
  private var isComplete: Bool {
    let header = partial[0]
    if partial == TraceFrames.synchronisation { return true }
    if header & 3 != 0 { return partial.count == 1 + Self.payloadSize(header) }
    guard header & 0x80 != 0 else { return true }
    // Each byte says whether another follows.
    return partial.count > 1 && partial[partial.count - 1] & 0x80 == 0 || partial.count > Self.longestPayload
  }

  /// 1, 2 or 4 bytes, by the size in a source packet's header.
  private static func payloadSize(_ header: UInt8) -> Int { header & 3 == 3 ? 4 : Int(header & 3) }

  private mutating func finish(_ packets: inout [ITMPacket]) {
    defer { partial = [] }
    guard partial != TraceFrames.synchronisation else {
      frames = TraceFrames()
      packets.append(.formatterFound)
      return
    }
    let header = partial[0]
    if header & 3 != 0 {
      packets.append(header & 4 == 0 ? stimulus : hardware ?? .unknown(partial))
    } else if header & 0xF == 0x8, header & 0x80 == 0 {
      page = Int(header >> 4 & 7)
    } else {
      packets.append(protocolPacket ?? .unknown(partial))
    }
  }

  private var stimulus: ITMPacket {
    let port = page * Self.portsPerPage + Int(partial[0] >> 3)
    return .stimulus(port: port, value: payload, byteCount: partial.count - 1)
  }

  /// The payload of a source packet, the lowest byte first.
  private var payload: UInt32 {
    partial.dropFirst().reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// A packet of the DWT by its id and size; nil for one that is reserved.
  private var hardware: ITMPacket? {
    let id = partial[0] >> 3
    let comparator = Int(id >> 1 & 3)
    switch (id, partial.count - 1) {
    case (0, 1): return .counterWrap(DWTCounters(rawValue: partial[1]))
    case (1, 2):
      let number = Int(partial[1]) | Int(partial[2] & 1) << 8
      return ITMPacket.ExceptionEvent(rawValue: partial[2] >> 4 & 3).map { .exception(number: number, $0) }
    case (2, 1): return partial[1] == 0 ? .asleep : partial[1] == 0xFF ? .sampleProhibited : nil
    case (2, 4): return .programCounter(payload)
    case (8...15, 4) where id & 1 == 0: return .tracedInstruction(comparator: comparator, address: payload)
    case (8...15, 2) where id & 1 == 1: return .tracedAddress(comparator: comparator, UInt16(payload))
    case (16...23, let size):
      return .tracedValue(comparator: comparator, value: payload, byteCount: size, isWrite: id & 1 == 1)
    default: return nil
    }
  }

  /// An overflow or a timestamp; nil for one that is reserved.
  private var protocolPacket: ITMPacket? {
    let header = partial[0]
    switch header {
    case 0x70: return .overflow
    case 0x10, 0x20, 0x30, 0x40, 0x50, 0x60: return .localTimestamp(ticks: UInt32(header >> 4), .inTime)
    case 0xC0, 0xD0, 0xE0, 0xF0:
      guard partial.count <= 5, let relation = ITMPacket.TimestampRelation(rawValue: header >> 4 & 3) else {
        return nil
      }
      return .localTimestamp(ticks: UInt32(septets), relation)
    case 0x94:
      guard partial.count <= 5 else { return nil }
      let flags = partial.count == 5 ? partial[4] : 0
      return .globalTimestamp(
        low: UInt32(septets & 0x3FF_FFFF), clockHasChanged: flags & 0x20 != 0, hasWrapped: flags & 0x40 != 0)
    case 0xB4: return partial.count == 5 || partial.count == 7 ? .globalTimestampHigh(septets) : nil
    default: return nil
    }
  }

  /// The payload of a packet of seven bits a byte, the lowest first.
  private var septets: UInt64 {
    partial.dropFirst().reversed().reduce(0) { $0 << 7 | UInt64($1 & 0x7F) }
  }
}
