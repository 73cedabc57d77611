import Basics

/// Builds a state file: a header, sections of a tag and a length each, a checksum over all of it.
struct StateWriter {
  private(set) var bytes: [UInt8]

  /// Starts with the signature and the format's version.
  init() {
    bytes = StateFormat.signature
    append(StateFormat.version)
  }

  /// Appends a section.
  mutating func section(_ tag: StateFormat.Section, _ payload: [UInt8]) {
    bytes += Array(tag.rawValue.utf8)
    append(UInt32(payload.count))
    bytes += payload
  }

  /// Ends the file with its checksum.
  mutating func finish() -> [UInt8] {
    append(CRC32.checksum(of: bytes))
    return bytes
  }

  private mutating func append(_ word: UInt32) {
    bytes += word.littleEndianBytes
  }
}
