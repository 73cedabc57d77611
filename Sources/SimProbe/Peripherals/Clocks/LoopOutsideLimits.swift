/// A PLL that was started outside of its data sheet's limits.
///
/// Shipped firmware does so, and silicon locks: NuttX's image for the NUCLEO-F446RE gives 4 MHz to the VCO.
public struct LoopOutsideLimits: Sendable, Equatable {
  /// The name: "PLL", "PLLI2S" or "PLLSAI".
  public let name: String
  /// What the VCO gets, in hertz.
  public let inputHertz: UInt64
  /// What it may get.
  public let inputLimits: ClosedRange<UInt64>
  /// What the VCO makes of it, in hertz.
  public let outputHertz: UInt64
  /// What it can.
  public let outputLimits: ClosedRange<UInt64>
  /// The address of the instruction that started it; nil for a debugger or an oscillator that became ready.
  public let programCounter: UInt32?
}
