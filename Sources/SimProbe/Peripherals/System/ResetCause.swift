/// What reset the chip; each sets its flags in RCC_CSR (RM0090, 6.3.21).
enum ResetCause {
  /// Power-on or brown-out.
  case powerOn
  /// NRST from outside.
  case pin
  /// AIRCR.SYSRESETREQ.
  case software
  case independentWatchdog
  case windowWatchdog
  /// Stop or Standby entered with nRST_STOP or nRST_STDBY programmed to 0.
  case lowPower
  /// The end of Standby, which is a power reset (RM0090, 6.1.2).
  case standby

  /// The flags in RCC_CSR; every internal reset pulls NRST low too, so PINRSTF sets with each.
  var flags: UInt32 {
    let pin: UInt32 = 1 << 26
    return switch self {
    case .powerOn, .standby: 1 << 25 | 1 << 27 | pin
    case .pin: pin
    case .software: 1 << 28 | pin
    case .independentWatchdog: 1 << 29 | pin
    case .windowWatchdog: 1 << 30 | pin
    case .lowPower: 1 << 31 | pin
    }
  }
}
