/// Unpacks the frames of the TPIU's formatter (CoreSight architecture, D4): 16 bytes with data of several sources.
///
/// A byte at an even place is a source's number where bit 0 is set, else data whose lowest bit stands in the frame's last byte;
/// that bit of a number says that the byte behind it still belongs to the source before.
struct TraceFrames: Sendable {
  /// The last frame, where it cannot be one.
  private(set) var noFrame: [UInt8]?
  private var frame: [UInt8] = []
  private var source: UInt8 = 0
  /// How many zero bytes have come last, packed as they are.
  private var zeroCount = 0
  /// How many frames may still pass until what looks like the ITM's synchronisation has to have come out of them.
  private var framesToSynchronisation: Int?

  /// What stands between frames; the ITM has no packet that begins like it.
  static let synchronisation: [UInt8] = [0xFF, 0xFF, 0xFF, 0x7F]
  /// What stands for "nothing to send", at even places.
  private static let halfSynchronisation: [UInt8] = [0xFF, 0x7F]
  private static let byteCount = 16
  /// Filling, whose data are zeros.
  private static let nobody: UInt8 = 0
  /// Numbers that no source has (D4.2.4).
  private static let reserved: ClosedRange<UInt8> = 0x70...0x7F
  private static let synchronisationZeros = 5

  /// Takes a byte, and returns what it completes of the data.
  mutating func take(_ byte: UInt8) -> [UInt8] {
    frame.append(byte)
    if frame == TraceFrames.synchronisation { frame = [] }
    if frame.count % 2 == 0, frame.suffix(2) == TraceFrames.halfSynchronisation, !frame.starts(with: [0xFF, 0xFF]) {
      frame.removeLast(2)
    }
    if byte == 0x80, zeroCount >= TraceFrames.synchronisationZeros { framesToSynchronisation = 2 }
    zeroCount = byte == 0 ? zeroCount + 1 : 0
    guard frame.count == TraceFrames.byteCount else { return [] }
    defer { frame = [] }
    if let rest = framesToSynchronisation {
      framesToSynchronisation = rest - 1
      if rest == 0 { noFrame = frame }
    }
    return unpack()
  }

  /// The data have held a synchronisation.
  mutating func noteSynchronisation() {
    framesToSynchronisation = nil
  }

  private mutating func unpack() -> [UInt8] {
    var data: [UInt8] = []
    var next: UInt8?
    for place in 0..<TraceFrames.byteCount - 1 {
      let byte = frame[place]
      let flag = frame[TraceFrames.byteCount - 1] >> UInt8(place / 2) & 1
      if place % 2 == 0, byte & 1 != 0 {
        if flag == 0 { source = byte >> 1 } else { next = byte >> 1 }
        continue
      }
      let value = place % 2 == 0 ? byte | flag : byte
      if source != TraceFrames.nobody { data.append(value) }
      if source == TraceFrames.nobody && value != 0 || TraceFrames.reserved.contains(source) { noFrame = frame }
      if place % 2 == 1, let number = next { (source, next) = (number, nil) }
    }
    return data
  }
}
