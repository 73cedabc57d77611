/// CRC-32 of Ethernet and zip: the reflected polynomial 0xEDB8_8320 (IEEE 802.3, 3.2.9), started with all ones.
///
/// The CRC unit of an STM32 computes another one, which engine and simulator have each for themselves.
package enum CRC32 {
  private static let table: [UInt32] = (UInt32(0)..<256).map { byte in
    (0..<8).reduce(byte) { value, _ in value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xEDB8_8320 }
  }

  /// The checksum as zip, gzip, PNG and our state files have it: inverted at the end.
  package static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
    ~remainder(of: bytes)
  }

  /// The checksum as a DFU suffix has it: not inverted (USB Device Firmware Upgrade Specification 1.1, appendix B).
  package static func remainder(of bytes: some Sequence<UInt8>) -> UInt32 {
    let table = table
    return bytes.reduce(UInt32.max) { value, byte in
      value >> 8 ^ table[Int(UInt8(truncatingIfNeeded: value) ^ byte)]
    }
  }
}
