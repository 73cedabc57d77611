import LinkInterface

/// One packet of link type 250, which Wireshark shows as "RTAC Serial": a header of 12 bytes, and data.
///
/// Seconds and microseconds of the event, big-endian; the event; the control lines; two bytes without a use. What a call
/// holds beyond that stands in comments of the packet.
struct SerialPacket: Equatable {
  /// LINKTYPE_RTAC_SERIAL.
  static let linkType: UInt16 = 250
  /// The bytes in front of the data.
  static let headerSize = 12

  /// What happened.
  enum Event: UInt8 {
    case statusChange = 0
    case sendingStarted = 1
    case receivingStarted = 2
    case sendingEnded = 3
    case receivingEnded = 4
    case breakSent = 9
  }

  /// The control lines that are active.
  struct Lines: OptionSet {
    let rawValue: UInt8
    static let rts = Lines(rawValue: 0x08)
    static let dtr = Lines(rawValue: 0x10)

    /// The bit of a line.
    init(_ line: ControlLine) {
      self = line == .rts ? .rts : .dtr
    }

    init(rawValue: UInt8) { self.rawValue = rawValue }
  }

  var event: Event
  var lines: Lines
  var data: [UInt8] = []
  /// The time since 1970.
  var time: Duration
  /// What is to be known beyond the header.
  var notes: [MetadataEntry] = []

  /// The packet's bytes.
  var bytes: [UInt8] {
    let microseconds = UInt64(time.wholeNanoseconds) / 1000
    let words = [UInt32(truncatingIfNeeded: microseconds / 1_000_000), UInt32(microseconds % 1_000_000)]
    return words.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) } }
      + [event.rawValue, lines.rawValue, 0, 0] + data
  }

  init(_ event: Event, lines: Lines, data: [UInt8] = [], time: Duration, notes: [MetadataEntry] = []) {
    self.event = event
    self.lines = lines
    self.data = data
    self.time = time
    self.notes = notes
  }

  /// Reads a packet; nil where it is too short, or tells of something that is no part of a call (errors on the wire, lost
  /// packets).
  init?(_ packet: CapturedPackets.Packet) {
    let bytes = Array(packet.bytes)
    guard bytes.count >= Self.headerSize, let event = Event(rawValue: bytes[8]) else { return nil }
    let words = [0, 4].map { start in bytes[start..<start + 4].reduce(0 as Int64) { $0 << 8 | Int64($1) } }
    self.init(
      event, lines: Lines(rawValue: bytes[9]), data: Array(bytes.dropFirst(Self.headerSize)),
      time: packet.time ?? .seconds(words[0]) + .microseconds(words[1]),
      notes: packet.comments.compactMap { MetadataEntry(text: $0) })
  }

  /// The value of a note.
  func note(_ key: String) -> String? { notes.first { $0.key == key }?.value }
}

/// The keys of what packets of a serial line note beyond their headers.
enum SerialNote {
  /// How characters stand on the wires: "115200 8E1".
  static let settings = "line"
  /// What had come in was forgotten.
  static let discarded = "discarded"
  /// How many bytes were waited for, where others came.
  static let awaited = "awaited"
  /// How long the wire was held low, in nanoseconds.
  static let breakLength = "break"
  /// How a call failed.
  static let failure = "failed"

  /// Whether a key belongs to a call, and not to the recording.
  static func isOfCall(_ key: String) -> Bool {
    [settings, discarded, awaited, breakLength, failure].contains(key) || ControlLine(rawValue: key) != nil
  }
}
