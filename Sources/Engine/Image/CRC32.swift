/// The checksum of the DFU suffix: the CRC-32 of Ethernet and zlib (reflected polynomial 0xEDB8_8320) without the
/// inversion at the end (USB Device Firmware Upgrade Specification 1.1, appendix B).
enum CRC32 {
  static func checksum(of bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.reduce(UInt32.max) { crc, byte in crc >> 8 ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] }
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { crc, _ in crc >> 1 ^ (crc & 1 == 0 ? 0 : 0xEDB8_8320) }
  }
}
