/// Bytes that grow by numbers, lowest byte first.
struct LittleEndianBytes {
  /// What has been appended.
  private(set) var bytes: [UInt8] = []

  mutating func append(_ value: some FixedWidthInteger & UnsignedInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ more: [UInt8]) {
    bytes += more
  }

  /// Appends zeros.
  mutating func appendZeros(_ count: Int) {
    bytes.append(contentsOf: repeatElement(0, count: count))
  }

  /// Fills up with zeros to a multiple of four bytes.
  mutating func pad() {
    appendZeros((4 - bytes.count % 4) % 4)
  }

  /// Overwrites a word that has been appended before.
  mutating func put(_ word: UInt32, at offset: Int) {
    withUnsafeBytes(of: word.littleEndian) { bytes.replaceSubrange(offset..<offset + 4, with: $0) }
  }

  /// Takes everything away and keeps the memory for what comes next.
  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
  }
}
