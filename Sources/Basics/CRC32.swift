/// CRC-32 as in IEEE 802.3: polynomial 0x04C1_1DB7 reflected, started and ended with all ones.
///
/// The checksum of zip archives, gzip, PNG and our state files. The CRC unit of an STM32 computes another one, which
/// engine and simulator have each for themselves.
public enum CRC32 {
  private static let table: [UInt32] = (UInt32(0)..<256).map { byte in
    (0..<8).reduce(byte) { value, _ in value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xEDB8_8320 }
  }

  /// The checksum of some bytes.
  public static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
    let table = table
    return ~bytes.reduce(0xFFFF_FFFF as UInt32) { value, byte in
      value >> 8 ^ table[Int(UInt8(truncatingIfNeeded: value) ^ byte)]
    }
  }
}
