/// R0 to R15, xPSR, MSP and PSP of a core that stands still.
public struct CoreImage: Sendable, Equatable {
  /// The values, in this order.
  public var values: [UInt32]

  /// Where the core goes on.
  public var programCounter: UInt32 { values[15] }
  /// The stack pointer in use.
  public var stackPointer: UInt32 { values[13] }
  /// Flags, T and the number of the exception.
  public var status: UInt32 { values[16] }
  /// The exception that is being handled; 0 in thread mode.
  public var exception: UInt32 { status & 0x1FF }
}
