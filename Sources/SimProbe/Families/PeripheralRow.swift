/// A peripheral of which a part may have one or several: where it is, what clocks and resets it, its interrupts.
///
/// A part has it when its RCC has the clock enable bit; what has none is on every part.
struct PeripheralRow: Equatable, Sendable {
  /// The name in the reference manuals.
  let name: String
  /// The base address.
  let base: UInt32
  /// The clock enable and reset bits; nil for what always has its clock.
  let gate: ClockGate?
  /// The interrupt lines, in the order that the peripheral's model says.
  let lines: [Int]

  init(_ name: String, _ base: UInt32, _ gate: ClockGate?, _ lines: Int...) {
    self.name = name
    self.base = base
    self.gate = gate
    self.lines = lines
  }
}
