import LinkInterface

/// What moving data over USB costs, in nanoseconds (docs/simulated-probe.md, "Time").
enum USBTiming {
  /// One transfer with the host's own work, on a modern Linux or Windows.
  static func transfer(_ speed: USBSpeed) -> UInt64 {
    // Full speed was measured; 60 to 100 us is what the few recordings of a V3 allow.
    speed == .high ? 80_000 : 140_000
  }

  /// What each further packet of 64 bytes costs at full speed: 19 of them have room in a frame of 1 ms (USB 2.0, table 5-9).
  static let fullSpeedPacket: UInt64 = 52_632

  /// A port reset with the time that the device has to recover (USB 2.0, section 7.1.7.5: 10 ms and 10 ms).
  static let reset: UInt64 = 20_000_000
}
