import Basics

/// The cycle counter of the DWT, which programs use for themselves.
enum CycleCounter {
  private static let control: UInt32 = 0xE000_1000

  /// Whether it counts (DWT_CTRL.CYCCNTENA); the unit has to be there.
  static func runs(_ access: any DebugAccess) throws(DebugError) -> Bool {
    try access.readWord(at: control) & 1 != 0
  }
}
