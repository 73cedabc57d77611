/// A register of ITM, DWT and TPIU (ARMv7-M, C1.7, C1.8 and C1.10): the same on every Cortex-M3 and M4.
enum TraceRegister: UInt32 {
  /// Which stimulus ports are on.
  case stimulusEnable = 0xE000_0E00
  /// Which of them are for privileged code alone, by groups of eight.
  case stimulusPrivilege = 0xE000_0E40
  /// TCR: what the ITM sends.
  case control = 0xE000_0E80
  /// LAR: 0xC5AC_CE55 opens the others.
  case lockAccess = 0xE000_0FB0
  /// LSR.
  case lockStatus = 0xE000_0FB4
  /// DWT_CTRL: what the DWT counts and sends.
  case watchpointControl = 0xE000_1000
  /// DWT_CYCCNT.
  case cycleCount = 0xE000_1004
  /// CSPSR: the width of the trace port.
  case portSize = 0xE004_0004
  /// ACPR: what HCLK is divided by, less 1.
  case prescaler = 0xE004_0010
  /// SPPR: how bits stand on the pin.
  case pinProtocol = 0xE004_00F0
  /// FFCR: the formatter.
  case formatter = 0xE004_0304

  static let unlockKey: UInt32 = 0xC5AC_CE55
  /// LSR: the lock is there, and closed.
  static let isLocked: UInt32 = 0b10

  /// Bits of TCR.
  static let instrumentationEnable: UInt32 = 1 << 0
  static let timestampEnable: UInt32 = 1 << 1
  static let synchronisationEnable: UInt32 = 1 << 2
  static let watchpointForwarding: UInt32 = 1 << 3
  static let timestampPrescaler: UInt32 = 8
  static let sourceNumber: UInt32 = 16
  static let busy: UInt32 = 1 << 23

  /// Bits of DWT_CTRL.
  static let cycleCountEnable: UInt32 = 1 << 0
  static let reloadShift: UInt32 = 1
  static let initialCountShift: UInt32 = 5
  static let slowTap: UInt32 = 1 << 9
  static let synchronisationTap: UInt32 = 1 << 10
  static let sampling: UInt32 = 1 << 12
  static let exceptionTrace: UInt32 = 1 << 16
  /// What of DWT_CTRL decides about packets.
  static let packetBits: UInt32 = 0x007F_1FFF

  /// SPPR: asynchronous, as a serial port.
  static let nrz: UInt32 = 2
  /// FFCR: TrigIn without the formatter.
  static let formatterOff: UInt32 = 1 << 8
  /// FFCR: EnFCont.
  static let formatterEnable: UInt32 = 1 << 1
}

extension DebugAccess {
  func read(_ register: TraceRegister) throws(DebugError) -> UInt32 {
    try readWord(at: register.rawValue)
  }

  func write(_ value: UInt32, to register: TraceRegister) throws(DebugError) {
    try writeWord(value, at: register.rawValue)
  }
}
