/// The one static buffer of the firmware (docs/simulated-probe.md, "Replies").
///
/// Every register-type reply and all memory data, in both directions, are built in it from its beginning, and nothing
/// clears it. A command writes only the bytes that it produces while the length of its reply is fixed, so the bytes
/// that it does not write show what was there before.
struct ReplyBuffer {
  /// The bytes; memory reads fill them in place.
  var bytes = [UInt8](repeating: 0, count: FirmwareTraits.bufferSize)

  /// Overwrites the beginning with bytes.
  mutating func write(_ content: some Collection<UInt8>, at offset: Int = 0) {
    for (index, byte) in content.prefix(bytes.count - offset).enumerated() {
      bytes[offset + index] = byte
    }
  }

  /// Puts a status in the first two bytes.
  mutating func write(_ status: ProbeStatus) {
    bytes[0] = status.rawValue
    bytes[1] = 0
  }

  /// Puts a little-endian word somewhere.
  mutating func write(word: UInt32, at offset: Int) {
    for shift in 0..<4 {
      bytes[offset + shift] = UInt8(truncatingIfNeeded: word >> (8 * UInt32(shift)))
    }
  }
}
