/// The formatter of the trace port: frames of 16 bytes in which sources have numbers (CoreSight architecture, D4).
///
/// A byte at an even place is a new source's number in bits 7:1 with bit 0 set, or data whose lowest bit stands in the frame's
/// last byte. That bit of a number says that the byte behind it still belongs to the source before.
struct TraceFormatter {
  private var frame: [UInt8] = []
  private var lowBits: UInt8 = 0
  private var source: UInt8 = 0

  /// FF FF FF 7F, which no frame holds.
  static let synchronisation: [UInt8] = [0xFF, 0xFF, 0xFF, 0x7F]
  private static let dataPlaces = 15

  /// Whether a frame has begun and is not full.
  var isPartial: Bool { !frame.isEmpty }

  /// Packs bytes of a source; returns the frames that are full with them.
  mutating func pack(_ bytes: [UInt8], from source: UInt8) -> [UInt8] {
    var full: [UInt8] = []
    for byte in bytes {
      if source != self.source, frame.count % 2 == 0 { full += add(number: source) }
      full += add(data: byte)
    }
    return full
  }

  /// Fills the frame up with nobody's data.
  mutating func fill() -> [UInt8] {
    var full: [UInt8] = []
    if frame.count % 2 == 1 {
      // The byte before goes behind the number, to the source that it came from.
      let place = frame.count - 1
      let data = frame[place] | (lowBits >> UInt8(place / 2) & 1)
      lowBits |= 1 << UInt8(place / 2)
      frame[place] = 1
      source = 0
      full += add(data: data)
    }
    if full.isEmpty, source != 0 { full += add(number: 0) }
    while full.isEmpty { full += add(data: 0) }
    return full
  }

  private mutating func add(number: UInt8) -> [UInt8] {
    source = number
    return add(number << 1 | 1)
  }

  private mutating func add(data: UInt8) -> [UInt8] {
    guard frame.count % 2 == 0 else { return add(data) }
    lowBits |= (data & 1) << UInt8(frame.count / 2)
    return add(data & ~1)
  }

  private mutating func add(_ byte: UInt8) -> [UInt8] {
    frame.append(byte)
    guard frame.count == Self.dataPlaces else { return [] }
    defer { (frame, lowBits) = ([], 0) }
    return frame + [lowBits]
  }
}
