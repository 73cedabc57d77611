/// The receiving end of an asynchronous serial wire: it waits for a start bit and samples each bit in its middle, by its own
/// clock and in its own format, so that a sender of another rate makes wrong characters and framing errors as on silicon.
struct SerialReceiver {
  /// What a receiver has made of the wire.
  struct Character: Equatable {
    /// The data with the parity bit.
    let word: UInt16
    /// The wire was low where the stop bit should have been.
    let hasFramingError: Bool
    /// When the stop bit was sampled.
    let time: UInt64
  }

  /// How characters are expected to stand on the wire; nil while the receiver is off.
  private(set) var format: SerialFormat?
  /// What the wire carries: frames in the order of their times, without those that have passed.
  private var frames: [SerialFrame] = []
  /// Until when the wire has been looked at.
  private var heardUntil: UInt64 = 0
  /// When the start bit began of the character that comes in.
  private var start: UInt64?

  /// When the character that comes in is complete; nil for none.
  var nextEvent: UInt64? {
    guard let start, let format else { return nil }
    return start + format.length(ofBitsAndHalf: format.wordBitCount + 1)
  }

  /// Begins to listen in a format, or in another one, or stops; what comes in at that moment is lost.
  mutating func listen(in format: SerialFormat?, from now: UInt64) {
    guard format != self.format else { return }
    self.format = format
    miss(until: now)
  }

  /// Did not listen until now.
  mutating func miss(until now: UInt64) {
    heardUntil = max(heardUntil, now)
    start = nil
    findStart()
  }

  /// A frame comes along the wire, not before the last one has ended.
  mutating func add(_ frame: SerialFrame) {
    if format == nil { frames.removeAll { $0.end <= frame.start } }
    frames.append(frame)
    if start == nil { findStart() }
  }

  /// Takes the next character that is complete at a time.
  mutating func take(at now: UInt64) -> Character? {
    guard let start, let format, let end = nextEvent, end <= now else { return nil }
    var word: UInt16 = 0
    for bit in 0..<format.wordBitCount where level(at: start + format.length(ofBitsAndHalf: bit + 1)) {
      word |= 1 << UInt16(bit)
    }
    let character = Character(word: word, hasFramingError: !level(at: end), time: end)
    miss(until: end)
    return character
  }

  /// Whether the wire stays high from a time to another.
  func isIdle(from begin: UInt64, to end: UInt64) -> Bool {
    !frames.contains { $0.start < end && $0.end > begin }
  }

  private func level(at time: UInt64) -> Bool {
    // At most one frame is under way.
    frames.last { $0.start <= time }?.level(at: time) ?? true
  }

  /// Finds the next start bit: a fall behind which the wire is still low half a bit later.
  private mutating func findStart() {
    frames.removeAll { $0.end <= heardUntil }
    guard let format else { return }
    for frame in frames {
      var time = heardUntil
      while let edge = frame.fallingEdge(from: time) {
        if !level(at: edge + format.length(ofBitsAndHalf: 0)) {
          start = edge
          return
        }
        time = edge + 1
      }
    }
  }
}
