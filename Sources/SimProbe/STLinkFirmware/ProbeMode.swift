/// The mode that GET_CURRENT_MODE names (docs/simulated-probe.md, "Modes").
enum ProbeMode: UInt8, Sendable {
  /// The bootloader-like state in which a V2 powers up.
  case dfu = 0
  /// Idle; V2-1 and V3 power up in it.
  case idle = 1
  /// SWD or JTAG.
  case debug = 2
  /// SWIM, the STM8's interface.
  case swim = 3
  /// A loader that only takes firmware.
  case bootloader = 4
}
