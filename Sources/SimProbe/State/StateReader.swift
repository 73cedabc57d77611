import Basics

/// Takes a state file apart, believing nothing in it.
struct StateReader {
  private let bytes: [UInt8]
  private let sections: [StateFormat.Section: Range<Int>]

  /// Checks signature, version, checksum and the sections' bounds.
  init(_ bytes: [UInt8]) throws(StateError) {
    self.bytes = bytes
    let header = StateFormat.signature.count + 4
    guard bytes.starts(with: StateFormat.signature) else { throw StateError.notAState }
    guard bytes.count >= header + 4 else { throw StateError.corrupt("the file ends early", offset: bytes.count) }
    let version = bytes.littleEndianWord(at: header - 4)
    guard version > 0 else { throw StateError.corrupt("there is no format version 0", offset: header - 4) }
    guard version <= StateFormat.version else {
      throw StateError.newerVersion(found: version, supported: StateFormat.version)
    }
    let end = bytes.count - 4
    guard CRC32.checksum(of: bytes[..<end]) == bytes.littleEndianWord(at: end) else {
      throw StateError.corrupt("the checksum does not match", offset: end)
    }
    sections = try StateReader.sections(of: bytes, in: header..<end)
  }

  private static func sections(
    of bytes: [UInt8], in range: Range<Int>
  ) throws(StateError) -> [StateFormat.Section: Range<Int>] {
    var found: [StateFormat.Section: Range<Int>] = [:]
    var offset = range.lowerBound
    while offset < range.upperBound {
      guard offset + 8 <= range.upperBound else {
        throw StateError.corrupt("a section ends early", offset: offset)
      }
      let byteCount = Int(bytes.littleEndianWord(at: offset + 4))
      let payload = offset + 8
      guard byteCount <= range.upperBound - payload else {
        throw StateError.corrupt("a section ends early", offset: offset)
      }
      let tag = String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
      if let section = StateFormat.Section(rawValue: tag) { found[section] = payload..<payload + byteCount }
      offset = payload + byteCount
    }
    return found
  }

  /// A section's payload, which may have to have a certain size.
  func payload(_ section: StateFormat.Section, byteCount: Int? = nil) throws(StateError) -> [UInt8] {
    guard let range = sections[section] else {
      throw StateError.corrupt("section \"\(section.rawValue)\" is missing", offset: bytes.count)
    }
    guard byteCount == nil || byteCount == range.count else {
      throw StateError.corrupt("section \"\(section.rawValue)\" has a wrong size", offset: range.lowerBound)
    }
    return Array(bytes[range])
  }

  /// The words of a section of a known size.
  func words(_ section: StateFormat.Section, count: Int) throws(StateError) -> [UInt32] {
    let payload = try payload(section, byteCount: count * 4)
    return (0..<count).map { payload.littleEndianWord(at: $0 * 4) }
  }

  /// The runs of a memory of a known size.
  func runs(
    _ section: StateFormat.Section, within byteCount: Int
  ) throws(StateError) -> [(offset: Int, bytes: [UInt8])] {
    let payload = try payload(section)
    let base = sections[section]?.lowerBound ?? 0
    var runs: [(offset: Int, bytes: [UInt8])] = []
    var position = 0
    while position < payload.count {
      guard position + 8 <= payload.count else {
        throw StateError.corrupt("a run of \"\(section.rawValue)\" ends early", offset: base + position)
      }
      let offset = Int(payload.littleEndianWord(at: position))
      let length = Int(payload.littleEndianWord(at: position + 4))
      let start = position + 8
      guard length <= payload.count - start, offset <= byteCount, length <= byteCount - offset else {
        throw StateError.corrupt("a run of \"\(section.rawValue)\" lies outside it", offset: base + position)
      }
      runs.append((offset, Array(payload[start..<start + length])))
      position = start + length
    }
    return runs
  }
}
