/// An operation that keeps the flash interface busy.
struct FlashOperation {
  /// What the operation does.
  enum Kind {
    /// One programming pulse; the cells have taken their new value, `original` is what they held before.
    case program(FlashTarget, offset: Int, original: UInt64, byteCount: Int)
    /// The erase of sectors, as bits by position in the sector map.
    case erase(sectors: UInt32)
    /// The rewriting of the option sector, after a mass erase that ends at `massEraseEnd` where RDP goes from 1 to 0.
    case options(OptionBytes, massEraseEnd: UInt64?)
  }

  /// What it does.
  let kind: Kind
  /// When it began, in nanoseconds on the simulation's clock.
  let start: UInt64
  /// When BSY falls.
  let end: UInt64
  /// The banks that cannot be read meanwhile, as bits.
  let busyBanks: UInt8
  /// Whether the supply carries the parallelism that it runs at.
  let isReliable: Bool
}

/// The two arrays that a programming access can go to.
enum FlashTarget {
  /// The main flash.
  case main
  /// The OTP area with its lock bytes, 528 bytes from 0x1FFF_7800.
  case otp
}
