/// CTRL/STAT of the debug port (ADIv5.2, B2.2.2).
struct DebugPortControl: OptionSet {
  let rawValue: UInt32

  static let stickyOverrun = DebugPortControl(rawValue: 1 << 1)
  static let stickyCompare = DebugPortControl(rawValue: 1 << 4)
  static let stickyError = DebugPortControl(rawValue: 1 << 5)
  static let readOK = DebugPortControl(rawValue: 1 << 6)
  static let writeDataError = DebugPortControl(rawValue: 1 << 7)
  static let debugPowerRequest = DebugPortControl(rawValue: 1 << 28)
  static let systemPowerRequest = DebugPortControl(rawValue: 1 << 30)

  /// What makes the port answer FAULT.
  static let sticky: DebugPortControl = [.stickyOverrun, .stickyCompare, .stickyError, .writeDataError]
  /// ORUNDETECT, TRNMODE, MASKLANE, TRNCNT, CDBGRSTREQ, CDBGPWRUPREQ and CSYSPWRUPREQ.
  static let writable = DebugPortControl(rawValue: 0x543F_FF0D)

  /// As read: each power-up acknowledge follows its request (a reset request is never acknowledged).
  var withAcknowledgements: DebugPortControl {
    let requests: DebugPortControl = [.debugPowerRequest, .systemPowerRequest]
    return DebugPortControl(rawValue: rawValue | intersection(requests).rawValue << 1)
  }
}
