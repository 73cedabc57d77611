/// Cuts what comes from GDB into packets and what stands between them, however it is cut by the line.
struct PacketReader {
  /// Something that has come.
  enum Item: Equatable {
    /// A packet with a right sum: its payload as it came, with its escapes.
    case packet([UInt8])
    /// A packet whose sum is wrong, or that is longer than any that was offered.
    case damaged
    /// `+`.
    case acknowledged
    /// `-`.
    case refused
    /// The byte 3 outside of a packet: the program is to stop.
    case interrupt
  }

  private enum State {
    case between
    case payload
    case firstDigit
    case secondDigit(UInt8)
  }

  /// The longest payload.
  private let limit: Int
  private var state = State.between
  private var payload: [UInt8] = []
  private var isTooLong = false

  init(limit: Int) { self.limit = limit }

  /// Takes a byte; what it completes.
  mutating func take(_ byte: UInt8) -> Item? {
    switch state {
    case .between: return takeBetween(byte)
    case .payload:
      switch byte {
      case UInt8(ascii: "#"): state = .firstDigit
      // A packet that begins anew: the one before was cut off.
      case UInt8(ascii: "$"): begin()
      default:
        if payload.count < limit { payload.append(byte) } else { isTooLong = true }
      }
      return nil
    case .firstDigit:
      state = .secondDigit(byte)
      return nil
    case .secondDigit(let first):
      state = .between
      let sum = payload.reduce(UInt8(0)) { $0 &+ $1 }
      guard !isTooLong, RemotePacket.bytes(ofHex: [first, byte]) == [sum] else { return .damaged }
      return .packet(payload)
    }
  }

  private mutating func begin() {
    state = .payload
    payload = []
    isTooLong = false
  }

  private mutating func takeBetween(_ byte: UInt8) -> Item? {
    switch byte {
    case UInt8(ascii: "$"):
      begin()
      return nil
    case UInt8(ascii: "+"): return .acknowledged
    case UInt8(ascii: "-"): return .refused
    case 3: return .interrupt
    default: return nil
    }
  }
}
