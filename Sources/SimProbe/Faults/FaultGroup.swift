/// Where a fault sits.
public enum FaultGroup: String, Sendable, CaseIterable {
  /// Jumpers, wires and boot pins between probe and chip.
  case wiring
  /// Supply, reference voltage and capacitors.
  case supply
  /// What the chip executes and how its option bytes are set.
  case firmware
  /// The chip itself.
  case chip
  /// The probe and its USB cable.
  case probe
  /// A serial adapter at the chip's ROM bootloader.
  case serial
  /// The chip's ROM bootloader on the board's own USB.
  case dfu = "DFU"
}
