/// Bytes that grow by numbers, lowest byte first.
struct LittleEndianBytes {
  /// What has been appended.
  private(set) var bytes: [UInt8] = []

  mutating func append(_ value: some FixedWidthInteger & UnsignedInteger) {
    for shift in stride(from: 0, to: value.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  mutating func append(_ more: [UInt8]) {
    bytes += more
  }

  /// Fills up with zeros to a multiple of four bytes.
  mutating func pad() {
    bytes += [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
  }
}
