import Engine
import TestSupport
import Testing

/// The images that sessions with simulated chips write.
enum TestImage {
  /// Bytes at an address.
  static func image(_ address: UInt32, _ bytes: [UInt8]) throws -> FirmwareImage {
    try #require(FirmwareImage(address: address, bytes: bytes))
  }

  /// Random bytes at the begin of the flash with a plausible vector table in front.
  static func firmware(_ byteCount: Int, seed: UInt64 = 1) throws -> FirmwareImage {
    var random = SeededGenerator(seed: seed)
    return try image(0x0800_0000, [0, 0x40, 0, 0x20, 1, 2, 0, 8] + random.bytes(byteCount - 8))
  }
}
