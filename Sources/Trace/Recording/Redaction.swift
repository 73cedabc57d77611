import LinkInterface

/// Takes a probe's serial number out of what is recorded, without changing any length.
///
/// The number is looked for in each of the forms that it has on USB: as text, as UTF-16 text, and as raw bytes. Digits
/// become "0", raw bytes zero, so that a redacted recording replays.
struct Redaction {
  private struct Pattern {
    var bytes: [UInt8]
    var replacement: [UInt8]
  }

  private let patterns: [Pattern]

  /// The serial number as text, for metadata.
  private let text: String?
  /// Whether there is anything to be left out at all.
  private let isActive: Bool
  /// Which string of the device is its serial number, as soon as a device descriptor has told.
  private var serialIndex: UInt8?

  /// Shorter numbers would be found by chance in any data.
  private static let shortestSerial = 6

  /// Makes one that looks for a serial.
  ///
  /// - Parameter isActive: false for one that leaves everything as it is.
  init(of serial: USBSerial?, isActive: Bool) {
    self.isActive = isActive
    guard isActive, let text = serial?.text, text.utf8.count >= Redaction.shortestSerial else {
      self.text = nil
      patterns = []
      return
    }
    self.text = text
    let characters = Array(text.utf8)
    var wide = LittleEndianBytes()
    text.utf16.forEach { wide.append($0) }
    let wideZeros = text.utf16.flatMap { _ in [UInt8(ascii: "0"), 0] as [UInt8] }
    var patterns = [
      Pattern(bytes: wide.bytes, replacement: wideZeros),
      Pattern(bytes: characters, replacement: characters.map { _ in UInt8(ascii: "0") }),
    ]
    if let raw = Redaction.bytes(ofDigits: text) {
      patterns.append(Pattern(bytes: raw, replacement: raw.map { _ in 0 }))
      let wideRaw = raw.flatMap { [$0, 0] as [UInt8] }
      patterns.append(Pattern(bytes: wideRaw, replacement: wideRaw.map { _ in 0 }))
    }
    self.patterns = patterns
  }

  /// Bytes without the serial.
  func redact(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    for pattern in patterns where result.count >= pattern.bytes.count {
      for start in 0...result.count - pattern.bytes.count
      where result[start] == pattern.bytes[0] && result[start...].starts(with: pattern.bytes) {
        result.replaceSubrange(start..<start + pattern.bytes.count, with: pattern.replacement)
      }
    }
    return result
  }

  /// What a device answered, without the serial: the string that is one goes as a whole, in whatever form it is.
  mutating func redact(_ reply: [UInt8], to request: Transfer) -> [UInt8] {
    let result = redact(reply)
    guard isActive, case .controlIn(let setup) = request, let descriptor = StandardRequest.descriptor(askedBy: setup)
    else { return result }
    if descriptor.type == .device, reply.count > StandardRequest.serialIndexOffset {
      serialIndex = reply[StandardRequest.serialIndexOffset]
    }
    let isSerial = descriptor.type == .string && descriptor.number == serialIndex && descriptor.number != 0
    guard isSerial, result == reply else { return result }
    return reply.prefix(2) + zip(reply.indices, reply).dropFirst(2).map { $0.0 % 2 == 0 ? UInt8(ascii: "0") : 0 }
  }

  /// An entry without the serial, whatever case its digits are written in.
  func redact(_ entry: MetadataEntry) -> MetadataEntry {
    guard let text else { return entry }
    var value = Array(entry.value)
    let wanted = text.lowercased()
    let count = text.count
    guard value.count >= count else { return entry }
    for start in 0...value.count - count where String(value[start..<start + count]).lowercased() == wanted {
      value.replaceSubrange(start..<start + count, with: repeatElement("0", count: count))
    }
    return MetadataEntry(entry.key, String(value))
  }

  private static func bytes(ofDigits text: String) -> [UInt8]? {
    let digits = text.compactMap(\.hexDigitValue)
    guard digits.count == text.count, digits.count % 2 == 0 else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
