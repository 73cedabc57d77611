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

// What no F2 and no F4 can start with, whichever it is: a file is looked at before the chip is known.
extension VectorTable {
  /// Where a table may lie at best: VTOR's lowest 7 bits are 0 on every Cortex-M (DDI 0403E, B3.2.5).
  static let alignment: UInt32 = 128

  /// Whether both words are erased flash, which is no program on purpose.
  var isErased: Bool { initialStackPointer == .max && resetHandler == .max }

  /// Whether neither word can be what it would have to be.
  var isImpossible: Bool { !isStackPointerPossible && !isResetHandlerPossible }

  /// Whether both words can be what they have to be.
  var isPossible: Bool { isStackPointerPossible && isResetHandlerPossible }

  /// Whether the stack pointer lies in RAM or is the first address behind it.
  private var isStackPointerPossible: Bool {
    let last = initialStackPointer &- 1
    return MemoryMap.presumed.coreCoupledMemory.contains(last) || MemoryMap.presumed.ram.contains(last)
  }

  /// Whether the reset handler is Thumb code in memory that is there after a reset: the flash (or its alias at 0), the
  /// ROM, SRAM.
  private var isResetHandlerPossible: Bool {
    let map = MemoryMap.presumed
    return isThumb
      && [map.flashAlias, map.flash, map.systemMemory.range, map.ram].contains { $0.contains(resetHandlerAddress) }
  }
}
