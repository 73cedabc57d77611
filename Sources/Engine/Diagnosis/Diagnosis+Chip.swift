import Basics

// Which chip it is, and what its option bytes say.
extension Diagnosis {
  func examineChip(_ link: STLink, _ reads: FlashReads) throws(DebugError) {
    do throws(DeviceError) {
      let device = try DeviceIdentification.identify(over: link, override: options.device, reads: reads)
      self.device = device
      note(DiagnosisFinding(.chip, .good, identity(of: device)))
      for warning in device.warnings {
        note(DiagnosisFinding(.chip, .warning, warning, causes: [reads.doubt == nil ? .cloneChip : .fewWaitStates]))
      }
    } catch {
      if case .access(let access) = error, !access.isOfTheTarget { throw access }
      note(DiagnosisFinding(.chip, failedWith: error.report))
    }
  }

  private func identity(of device: Device) -> String {
    let size = device.sizeRegister.map { (Int($0) * 1024).byteSize } ?? "unreadable"
    return "\(device.name), DBGMCU_IDCODE \(device.identityCode.hexadecimal), CPUID \(device.processorID.hexadecimal), "
      + "size word \(size)"
  }

  func examineProtection(_ link: STLink, _ reads: FlashReads) throws(DebugError) {
    guard let device else { return }
    let state: ProtectionState
    let pending: String?
    do throws(FlashError) {
      (state, pending) = try ProtectionState.readStored(
        over: link, device: device, believesFlash: reads.doubt == nil)
    } catch {
      note(DiagnosisFinding(.protection, failedWith: error.report))
      return
    }
    protection = state
    note(protectionFinding(state))
    note(optionsFinding(state))
    if let pending { note(DiagnosisFinding(.options, .warning, pending, causes: [.programDisturbs])) }
  }

  private func protectionFinding(_ state: ProtectionState) -> DiagnosisFinding {
    switch state.readProtection {
    case .level2:
      return DiagnosisFinding(
        .protection, .failed, "RDP level 2", causes: [.readProtectedForEver], category: .protected)
    case .level1(let stored):
      return DiagnosisFinding(
        .protection, .warning, "RDP level 1 (the byte is \(Hexadecimal.byte(stored))): no access to the flash",
        causes: [.readProtected])
    case .level0: break
    }
    if !state.codeProtectedSectors.isEmpty {
      return DiagnosisFinding(
        .protection, .warning, "PCROP on sectors \(Diagnosis.numbers(state.codeProtectedSectors))",
        causes: [.codeProtected])
    }
    if !state.writeProtectedSectors.isEmpty {
      return DiagnosisFinding(
        .protection, .warning, "write-protected sectors: \(Diagnosis.numbers(state.writeProtectedSectors))",
        causes: [.writeProtected])
    }
    return DiagnosisFinding(.protection, .good, "none")
  }

  private func optionsFinding(_ state: ProtectionState) -> DiagnosisFinding {
    let options = state.optionControl
    var parts = ["brown-out reset \(options.brownOutReset)"]
    var causes: [FailureCause] = []
    if let threshold = options.brownOutMillivolts, let millivolts, millivolts < threshold {
      parts.append("which the supply of \(millivolts.volts) does not reach")
      causes.append(.supplyLow)
    }
    if state.startsWatchdogAtReset {
      parts.append("the watchdog starts at every reset (WDG_SW)")
      causes.append(.watchdogResets)
    }
    if !options[.keepsRunningInStop] { parts.append("Stop mode resets (nRST_STOP)") }
    if !options[.keepsRunningInStandby] { parts.append("Standby mode resets (nRST_STDBY)") }
    if !options[.keepsRunningInStop] || !options[.keepsRunningInStandby] { causes.append(.resetLoop) }
    if device?.die.hasSecondBank ?? false {
      if options[.startsFromBank2] { parts.append("starts from bank 2 (BFB2)") }
      if options[.dualBank] { parts.append("a flash of 1 MiB is in two banks (DB1M)") }
    }
    return DiagnosisFinding(
      .options, causes.isEmpty ? .good : .warning, parts.joined(separator: ", "), causes: causes)
  }

  static func numbers(_ sectors: [Sector]) -> String {
    sectors.map { String($0.number) }.joined(separator: ", ")
  }
}

extension FlashOptionControl {
  /// The threshold of the brown-out reset (BOR_LEV; data sheets, VBOR).
  fileprivate var brownOutReset: String {
    switch self[.brownOutLevel] {
    case 0: "below 2.7 V (level 3)"
    case 1: "below 2.4 V (level 2)"
    case 2: "below 2.1 V (level 1)"
    default: "off"
    }
  }
}

extension FlashOptionControl {
  /// The supply below which the chip may be held in reset: the threshold's upper end (data sheets, VBOR); nil where the
  /// brown-out reset is off.
  fileprivate var brownOutMillivolts: Int? {
    [0: 2700, 1: 2400, 2: 2100][self[.brownOutLevel]]
  }
}
