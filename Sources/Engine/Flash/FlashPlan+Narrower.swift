import Failures

// Going down by itself: what a supply cannot carry at one width it may carry at a narrower one.
extension FlashPlan {
  /// The same work at the next narrower width, for a chip in which this plan has failed; nil where the error is none that a
  /// narrower width may mend, or none is left.
  ///
  /// Everything that the first attempt may have touched is erased again. The prediction stays that of the first attempt.
  func narrowed(after error: FlashError) -> FlashPlan? {
    guard error.leavesFlashIncomplete, error.mayBeTheLoad,
      let width = Parallelism.allCases.last(where: { $0 < parallelism })
    else { return nil }
    let erased = Set(erasedSectors)
    func untouched(_ blocks: [FlashBlock]) -> [EraseStep] {
      let sectors = sectorMap.sectors.filter { sector in blocks.contains { sector.range.overlaps($0.range) } }
      return sectors.filter { !erased.contains($0) }.map { .sector($0) }
    }
    let tables = untouched(vectorRows)
    var plan = self
    plan.parallelism = width
    plan.eraseSteps = tables + eraseSteps + untouched(blocks).filter { !tables.contains($0) }
    plan.blankSectors = []
    plan.warnings = []
    return plan
  }
}

extension FlashError {
  /// What to tell where narrower widths have failed too: this first failure, which the attempts after it have not blurred;
  /// but the last one where somebody asked to stop or the link failed.
  func followed(by last: FlashError, at width: Parallelism) -> FlashError {
    switch last.cause {
    case .interrupted, .access:
      var error = last
      error.aftermath.append("before that: \(report.summary)")
      return error
    default:
      var error = self
      error.aftermath.append("tried again down to \(width.name), which failed too: \(last.report.summary)")
      error.cleanupFailures += last.cleanupFailures
      error.lockFailure = last.lockFailure
      return error
    }
  }

  /// Whether this is what erasing or programming does where the supply gives way under its load.
  ///
  /// The wider the operation, the more current it draws: wrong bits without an error flag, or a reset by the supply.
  /// Everything else (protection, a watchdog, a wire, a worn sector that does not end its erase) is the same at any width.
  fileprivate var mayBeTheLoad: Bool {
    switch cause {
    case .mismatch(let mismatch):
      [.nothingProgrammed, .notErased, .weakProgramming].contains(mismatch.likelyCause)
    case .errorBits(let status, _):
      status[.parallelismError]
    case .chipReset, .loaderStopped, .access:
      !evidence.isSilent && !evidence.isHeldInReset && evidence.resetFlags?.isOfTheSupply ?? false
    case .timeout, .keysRefused, .lockRefused, .optionsRefused, .otherOptions, .programmingVoltageNeeded, .widthTooWide,
      .checksum,
      .interrupted:
      false
    }
  }
}
