/// A named stretch of a chip's address space.
public struct MemoryRegion: Sendable, Equatable {
  /// The manual's name: "SRAM1", "CCM", "system memory".
  public var name: String
  /// The addresses, the last one excluded.
  public var range: Range<UInt32>

  /// Makes a region of `byteCount` bytes from `start` on.
  public init(_ name: String, start: UInt32, byteCount: UInt32) {
    self.name = name
    range = start..<start + byteCount
  }
}

/// The areas outside the main flash and the RAM, the same on every F2 and F4 (RM0033 and RM0090, section 2.3).
public enum FixedArea {
  /// The ROM bootloader.
  public static let systemMemory = MemoryRegion("system memory", start: 0x1FFF_0000, byteCount: 0x7800)
  /// 16 blocks of 32 bytes that can be programmed once, and their 16 lock bytes.
  public static let otp = MemoryRegion("OTP", start: 0x1FFF_7800, byteCount: 528)
  /// The option bytes; data in the low half of the first and of the third word.
  public static let optionBytes = MemoryRegion("option bytes", start: 0x1FFF_C000, byteCount: 16)
  /// The option bytes of bank 2; on DEV_ID 0x419 and 0x434 only.
  public static let optionBytesOfBank2 = MemoryRegion("option bytes of bank 2", start: 0x1FFE_C000, byteCount: 16)
  /// Where the main flash begins.
  public static let flashStart: UInt32 = 0x0800_0000
}
