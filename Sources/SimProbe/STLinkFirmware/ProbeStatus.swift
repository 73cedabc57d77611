/// The status byte of a reply, as the firmware sends it (docs/simulated-probe.md, "Failures").
struct ProbeStatus: RawRepresentable, Error, Equatable, Sendable {
  let rawValue: UInt8

  static let ok = ProbeStatus(rawValue: 0x80)
  /// What older firmware says of a memory fault.
  static let unknownError = ProbeStatus(rawValue: 0x01)
  static let unknownChain = ProbeStatus(rawValue: 0x04)
  static let noDevice = ProbeStatus(rawValue: 0x05)
  static let commandError = ProbeStatus(rawValue: 0x08)
  /// No DPIDR at ENTER.
  static let noIDCode = ProbeStatus(rawValue: 0x09)
  static let alignment = ProbeStatus(rawValue: 0x0A)
  /// The debug port does not acknowledge its power-up requests.
  static let debugPower = ProbeStatus(rawValue: 0x0B)
  static let writeVerify = ProbeStatus(rawValue: 0x0D)
  static let apWait = ProbeStatus(rawValue: 0x10)
  static let apFault = ProbeStatus(rawValue: 0x11)
  /// No acknowledge on an access-port transfer.
  static let apError = ProbeStatus(rawValue: 0x12)
  static let apParity = ProbeStatus(rawValue: 0x13)
  static let dpWait = ProbeStatus(rawValue: 0x14)
  static let dpFault = ProbeStatus(rawValue: 0x15)
  /// No acknowledge on a debug-port transfer.
  static let dpError = ProbeStatus(rawValue: 0x16)
  static let dpParity = ProbeStatus(rawValue: 0x17)
  /// CTRL/STAT.WDATAERR after a write.
  static let apWriteData = ProbeStatus(rawValue: 0x18)
  /// An access port that is not allowed or not opened.
  static let badAccessPort = ProbeStatus(rawValue: 0x1D)
  static let traceUnavailable = ProbeStatus(rawValue: 0x20)
  /// SWITCH_STLINK_FREQ succeeded.
  static let configurationChanged = ProbeStatus(rawValue: 0x40)
  static let badFrequency = ProbeStatus(rawValue: 0x41)
  static let unknownCommand = ProbeStatus(rawValue: 0x42)
}
