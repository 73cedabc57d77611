public import LinkInterface

/// What is known of an open probe, for `info` and `list`.
public struct ProbeDescription: Sendable, Equatable {
  /// The product by its USB id.
  public var product: STLinkProduct
  /// The version of its firmware.
  public var firmware: FirmwareVersion
  /// The serial number; nil where the probe tells none.
  public var serial: USBSerial?
  /// Where it is plugged in.
  public var location: USBLocation
  /// The SWD clock.
  public var clock: ClockSetting
  /// The SWD clocks that it can make in kHz, fastest first.
  public var clocksKHz: [Int]
  /// The voltage on the target's reference pin in millivolts; nil where the probe cannot measure it.
  public var targetMillivolts: Int?
  /// What a user should know: a clock other than the one asked for, a low voltage, a quirk of the firmware.
  public var remarks: [String]
}
