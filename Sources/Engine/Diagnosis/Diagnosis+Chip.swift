import Basics
import Failures

// Which chip it is, and what its option bytes say.
extension Diagnosis {
  func examineChip(_ link: STLink, _ reads: FlashReads) throws(DebugError) {
    do throws(DeviceError) {
      let device = try DeviceIdentification.identify(over: link, override: options.device, reads: reads)
      self.device = device
      note(DiagnosisFinding(.chip, .good, identity(of: device)))
      for warning in device.warnings { note(finding(of: warning.text, device, reads)) }
    } catch {
      if case .access(let access) = error, !access.isOfTheTarget { throw access }
      note(DiagnosisFinding(.chip, failedWith: error.report))
    }
  }

  /// What a warning of the identification means; a size that cannot be read is no sign of a clone but of read protection.
  private func finding(of warning: String, _ device: Device, _ reads: FlashReads) -> DiagnosisFinding {
    if reads.doubt != nil { return DiagnosisFinding(.chip, .warning, warning, causes: [.fewWaitStates]) }
    if device.sizeRegister == nil { return DiagnosisFinding(.chip, .good, warning) }
    return DiagnosisFinding(.chip, .warning, warning, causes: [.cloneChip])
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
    note(.protection(state))
    if !state.options.looksErased { DiagnosisFinding.options(state, device, millivolts: millivolts).forEach(note) }
    if let pending { note(DiagnosisFinding(.options, .warning, pending, causes: [.programDisturbs])) }
  }

  static func numbers(_ sectors: [Sector]) -> String {
    sectors.map { String($0.number) }.joined(separator: ", ")
  }
}

// What option bytes mean for a diagnosis, whoever has read them.
extension DiagnosisFinding {
  /// What they protect.
  static func protection(_ state: ProtectionState) -> DiagnosisFinding {
    switch state.readProtection {
    case .level2:
      return DiagnosisFinding(
        .protection, .failed, "RDP level 2", causes: [.readProtectedForEver], category: .protected)
    case .level1 where state.options.looksErased:
      return DiagnosisFinding(
        .protection, .warning, "RDP level 1: \(state.options.erasedWarning ?? "")",
        causes: state.optionControl.erasedCauses)
    case .level1(let stored):
      return DiagnosisFinding(
        .protection, .warning,
        "RDP level 1 (the byte is \(Hexadecimal.byte(stored))): no access to the flash"
          + (state.writeProtectedSectors.isEmpty ? "" : "; \(state.markedSectors)"),
        causes: [.readProtected])
    case .level0: break
    }
    if !state.codeProtectedSectors.isEmpty {
      return DiagnosisFinding(.protection, .warning, state.markedSectors, causes: [.codeProtected])
    }
    if !state.writeProtectedSectors.isEmpty {
      return DiagnosisFinding(.protection, .warning, state.markedSectors, causes: [.writeProtected])
    }
    return DiagnosisFinding(.protection, .good, "none")
  }

  /// What the other option bytes say: a finding for each problem, and one for the rest.
  static func options(_ state: ProtectionState, _ device: Device, millivolts: Int?) -> [DiagnosisFinding] {
    let problems = state.options.problems(millivolts: millivolts)
    var parts: [String] = []
    if !problems.contains(where: { $0.cause == .brownOutLevel }) {
      parts.append("brown-out reset \(state.options.brownOutReset)")
    }
    if device.die.hasSecondBank {
      if state.startsFromBank2 { parts.append("starts from bank 2 (BFB2)") }
      if state.options.layout.hasChoiceOfBanks, state.options.hasTwoBanks {
        parts.append("the flash is cut into two banks (DB1M)")
      }
    }
    let rest = parts.isEmpty ? [] : [DiagnosisFinding(.options, .good, parts.joined(separator: ", "))]
    return rest + problems.map { DiagnosisFinding(.options, .warning, $0.text, causes: [$0.cause]) }
  }
}

extension ProtectionState {
  /// The sectors that the option bytes mark, and what that means.
  fileprivate var markedSectors: String {
    codeProtectedSectors.isEmpty
      ? "write-protected sectors: \(Diagnosis.numbers(writeProtectedSectors))"
      : "PCROP on sectors \(Diagnosis.numbers(codeProtectedSectors))"
  }
}
