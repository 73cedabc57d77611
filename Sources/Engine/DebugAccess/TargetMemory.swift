public import LinkInterface

/// One target's memory as a link reads it, by whatever the link is: all that planning and comparing need.
public protocol TargetMemory: AnyObject {
  /// The clock by which the target's time passes; every wait of the engine is a wait on it.
  var clock: any LinkClock { get }

  /// Reads one aligned 32-bit word.
  func readWord(at address: UInt32) throws(DebugError) -> UInt32

  /// Reads any number of bytes from any address. For memory, not for registers.
  func readMemory(at address: UInt32, byteCount: Int) throws(DebugError) -> [UInt8]
}
