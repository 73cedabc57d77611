public import Failures

extension FlashError {
  /// What may be behind it, likeliest first; empty where the command line itself asks for what cannot be.
  ///
  /// What the registers say outright comes first. After that come the causes that fit the symptom by the evidence of
  /// real reports: supply and VCAP where the controller or the chip gives way under load.
  public var causes: [FailureCause] {
    if evidence.hasErasedOptions { return [.optionsErased] }
    if case .access = cause { return hasNoSupply ? lostSupplyCauses : ownCauses }
    guard let millivolts = evidence.millivolts, millivolts < Parallelism.x32.minimumMillivolts else { return ownCauses }
    var causes = ownCauses.filter { $0 != .supplyLow }
    guard let power = causes.firstIndex(where: { [.capacitorMissing, .brownOut].contains($0) }) else {
      return ownCauses
    }
    causes.insert(.supplyLow, at: power)
    return causes
  }

  /// Whether the supply has gone: the reference pin of a target that is lost measures nothing but leakage.
  private var hasNoSupply: Bool {
    guard let millivolts = evidence.millivolts else { return false }
    return millivolts < ConnectionEvidence.unpoweredMillivolts
  }

  /// A supply that goes while the flash works has most often broken down under the load.
  private var lostSupplyCauses: [FailureCause] {
    isUnderLoad || leavesFlashIncomplete ? [.brownOut, .targetUnpowered] : [.targetUnpowered, .brownOut]
  }

  private var ownCauses: [FailureCause] {
    switch cause {
    case .access(let error, _): accessCauses(error)
    case .errorBits(let status, _): errorBitCauses(status)
    case .timeout:
      hasEndedLate ? [.sectorWorn, .cloneChip, .capacitorMissing] : [.capacitorMissing, .brownOut, .sectorWorn]
    case .keysRefused: [.controllerBlocked, .programDisturbs, .cloneChip]
    case .lockRefused: [.programDisturbs, .cloneChip]
    case .otherOptions: []
    case .optionsRefused: [.readProtected, .cloneChip, .brownOut]
    case .chipReset: resetCauses
    case .programmingVoltageNeeded, .widthTooWide, .interrupted: []
    case .mismatch(let mismatch): mismatch.causes
    case .checksum: [.badCable, .capacitorMissing]
    case .loaderStopped(.hostSilent, _, _, _): []
    case .loaderStopped: evidence.resetFlags == nil ? [.capacitorMissing, .programDisturbs] : resetCauses
    }
  }

  /// A target that is lost while its flash works has most often lost its supply; one that is lost while it is only
  /// read has most often lost its wires.
  private func accessCauses(_ error: DebugError) -> [FailureCause] {
    if evidence.isHeldInReset { return [.resetHeldLow, .resetLoop] }
    if evidence.resetFlags != nil { return resetCauses }
    if evidence.isSilent { return [.badCable, .jumpersOpen, .brownOut, .pinsReused] }
    if evidence.hasNoisyWires { return [.badCable] + error.report.causes.filter { $0 != .badCable } }
    if evidence.isOutsideMemory, let fault = error.fault, !fault.mayBeOfTheWires { return [.nothingThere] }
    guard isUnderLoad, let fault = error.fault else { return error.report.causes }
    if fault.mayBeOfTheWires { return [.capacitorMissing, .brownOut, .badCable, .targetUnpowered] }
    // An open chip refuses nothing that erasing and programming need, unless the wires have garbled what was asked.
    let isOpen = evidence.optionControl != nil && !evidence.isReadProtected
    return isOpen ? [.badCable] + error.report.causes.filter { $0 != .readProtected } : error.report.causes
  }

  /// Whether the operation ended after its time: the controller, which cannot be locked before, has been locked.
  private var hasEndedLate: Bool { cleanupFailures.isEmpty && lockFailure == nil }

  /// Whether the flash was being erased or programmed when it happened.
  private var isUnderLoad: Bool {
    guard case .access(_, let action) = cause else { return false }
    return action.hasPrefix("erasing") || action.hasPrefix("programming")
  }

  private func errorBitCauses(_ status: FlashStatus) -> [FailureCause] {
    if evidence.isReadProtected { return [.readProtected] }
    if status[.readProtectionError] { return [.codeProtected] }
    if status[.writeProtectionError] { return evidence.isCodeProtected ? [.codeProtected] : [.writeProtected] }
    if status[.parallelismError] { return [.supplyLow, .capacitorMissing, .cloneChip] }
    return [.capacitorMissing, .programDisturbs, .brownOut]
  }

  /// What has reset the chip, by RCC_CSR where it could be read.
  private var resetCauses: [FailureCause] {
    let usual: [FailureCause] = [.capacitorMissing, .brownOut, .watchdogResets, .resetHeldLow]
    guard let flags = evidence.resetFlags else { return usual }
    if flags.isWatchdog { return [.watchdogResets] }
    if flags.isOfTheSupply { return [.capacitorMissing, .brownOut] }
    if flags[.software] { return [.programDisturbs, .resetLoop] }
    return flags[.pin] ? [.resetHeldLow, .brownOut] : usual
  }
}

extension FlashError.Evidence {
  /// Whether RDP is at level 1, where the controller refuses a debugger.
  fileprivate var isReadProtected: Bool { optionControl.map { $0[.readProtection] != 0xAA } ?? false }

  /// Whether the option bytes are erased, which only a cut in the middle of their programming leaves.
  fileprivate var hasErasedOptions: Bool { optionControl?.looksErased ?? false }

  /// Whether SPRMOD turns the nWRP bits into code protection.
  fileprivate var isCodeProtected: Bool { optionControl?[.codeProtection] ?? false }
}

extension VerifyMismatch {
  /// Up to this many wrong bytes are cells; more are the supply or the whole sector.
  private static let fewBytes = 16

  /// What may be behind it, likeliest first.
  var causes: [FailureCause] {
    let isFew = differingByteCount <= VerifyMismatch.fewBytes
    switch likelyCause {
    case .nothingProgrammed: return isFew ? [.cellDefect, .capacitorMissing] : [.capacitorMissing, .supplyLow]
    case .weakProgramming:
      return isFew ? [.cellDefect, .capacitorMissing, .supplyLow] : [.capacitorMissing, .supplyLow, .cellDefect]
    case .notErased: return isFew ? [.cellDefect, .sectorWorn] : [.sectorWorn, .capacitorMissing, .cloneChip]
    case .unstableReads: return [.badCable, .capacitorMissing]
    case .blank: return [.otherContent]
    case .otherContent:
      // A program that agrees in all but a few of many bytes was written from this file.
      return isFew && comparedByteCount >= 64 * VerifyMismatch.fewBytes
        ? [.cellDefect, .otherContent] : [.otherContent]
    }
  }
}
