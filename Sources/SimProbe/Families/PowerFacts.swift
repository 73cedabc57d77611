/// What a die's PWR has.
struct PowerFacts: Sendable {
  /// VOS, the regulator's voltage scaling: its bits in CR, and what they are after a reset.
  let scaling: (bits: ClosedRange<UInt32>, reset: UInt32)
  /// CSR after a power-on.
  let statusReset: UInt32
}
