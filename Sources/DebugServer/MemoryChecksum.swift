/// GDB's checksum of memory: CRC-32 with the polynomial 0x04C1_1DB7, most significant bit first, started with all ones and
/// left as it is (GDB's manual, `qCRC`).
struct MemoryChecksum {
  private static let table: [UInt32] = (UInt32(0)..<256).map { byte in
    (0..<8).reduce(byte << 24) { value, _ in value & 1 << 31 == 0 ? value << 1 : value << 1 ^ 0x04C1_1DB7 }
  }

  /// The sum of what was added.
  private(set) var value = UInt32.max

  /// Adds bytes.
  mutating func add(_ bytes: [UInt8]) {
    let table = MemoryChecksum.table
    value = bytes.reduce(value) { $0 << 8 ^ table[Int($0 >> 24 ^ UInt32($1))] }
  }
}
