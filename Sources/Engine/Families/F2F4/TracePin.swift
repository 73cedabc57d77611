/// PB3, where the trace port has its one pin: GPIOB_MODER and GPIOB_AFRL (RM0090, 8.4; 38.17.2).
enum TracePin {
  private static let mode: UInt32 = 0x4002_0400
  private static let alternateFunction: UInt32 = 0x4002_0420
  private static let number: UInt32 = 3

  /// Whether the pin is the system's, as after a reset; only reads.
  ///
  /// A port without its clock reads zero, and has not been touched then.
  static func isFree(_ access: any DebugAccess) throws(DebugError) -> Bool {
    let modes = try access.readWord(at: mode)
    guard modes != 0 else { return true }
    guard modes >> (2 * number) & 3 == 2 else { return false }
    return try access.readWord(at: alternateFunction) >> (4 * number) & 0xF == 0
  }
}
