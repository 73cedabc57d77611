/// A class of faults that look the same through the probe: a host that names any of them has said all it can know.
public enum FaultLikeness: String, Sendable, CaseIterable {
  /// The probe works, the voltage is right, and no chip answers on SWD, under reset neither.
  case silentWire
  /// The chip has no supply.
  case noSupply
  /// The supply gives way while the flash erases or programs.
  case weakSupply
  /// The probe measures no voltage although the chip runs.
  case noReference
  /// Firmware has shut the debug port; a reset opens it for a moment.
  case closedByFirmware
  /// NRST does not reach the chip.
  case noReset
  /// Something holds NRST low.
  case heldReset
}
