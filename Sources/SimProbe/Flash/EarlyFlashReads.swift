/// Reads of the flash with too few wait states: HCLK was too high for FLASH_ACR.LATENCY and the supply.
///
/// Silicon then reads what it reads; here every such read gives ones, and the first and the number of them are kept.
public struct EarlyFlashReads: Sendable, Equatable {
  /// HCLK in hertz at the first of them.
  public let hertz: UInt64
  /// FLASH_ACR.LATENCY at the first of them.
  public let latency: UInt32
  /// The wait states that it needed; nil where no number of them is enough for that clock at that supply.
  public let needed: UInt32?
  /// The supply in millivolts.
  public let millivolts: Int
  /// The address of the instruction that made the first; nil for a debugger or DMA.
  public let programCounter: UInt32?
  /// How many there were.
  public internal(set) var count: Int
}
