/// The start of a Cortex-M vector table: what the core loads on reset (DDI 0403E, B1.5.3).
public struct VectorTable: Sendable, Equatable {
  /// Where the table lies.
  public var address: UInt32
  /// The word that the core loads into MSP.
  public var initialStackPointer: UInt32
  /// The word that the core branches to; bit 0 has to be set, for Thumb state.
  public var resetHandler: UInt32

  /// Makes a table from its two words.
  public init(address: UInt32, initialStackPointer: UInt32, resetHandler: UInt32) {
    self.address = address
    self.initialStackPointer = initialStackPointer
    self.resetHandler = resetHandler
  }

  /// The address of the reset handler's first instruction, without the Thumb bit.
  public var resetHandlerAddress: UInt32 {
    resetHandler & ~1
  }

  /// Whether the reset handler is marked as Thumb code, without which the core faults at once.
  public var isThumb: Bool {
    resetHandler & 1 == 1
  }
}
