import Basics
import Failures
public import LinkInterface

/// One probe and the chip behind it, from opening to closing: what the command line works with.
///
/// Calls are synchronous and a session has a single owner. `close` must be called in the end, after a failure too; it
/// says in which condition the target is left.
public final class TargetSession: ProgrammableTarget {
  /// What is known of the probe; nil until it has been opened, kept when the target then does not answer.
  public private(set) var probeDescription: ProbeDescription?
  /// The chip; nil until it has been identified.
  public internal(set) var device: Device?
  /// What the chip's option bytes protect; nil until it has been identified.
  public internal(set) var protection: ProtectionState?
  /// How the target was got hold of; nil until it was.
  public var attachReport: AttachReport? { custody.attachment?.report }
  /// The probe, once it has been opened.
  public var link: TargetLink? { probeDescription.map(TargetLink.probe) }
  /// Whether the target was got hold of.
  public var isReached: Bool { attachReport != nil }
  /// Whether the target is only looked at.
  public var leavesProgramRunning: Bool { attachReport?.mode == .hotPlug }
  /// A chip whose flash has changed is reset when it is let go.
  public var resetsAfterWriting: Bool { true }
  /// The supply in millivolts, as the user says or else as the probe measures; nil where neither is known.
  public internal(set) var millivolts: Int?

  let probe: any USBDevice
  let options: SessionOptions
  let observer: FlashObserver
  var stlink: STLink?
  var custody = CoreCustody()

  /// Makes a session that has not touched the probe yet.
  ///
  /// - Parameter observer: is told what happens, in the course of the calls.
  public init(
    probe: any USBDevice, options: SessionOptions = SessionOptions(), observer: @escaping FlashObserver = { _ in }
  ) {
    self.probe = probe
    self.options = options
    self.observer = observer
  }

  // MARK: - Opening

  /// Opens the probe, connects to the target, identifies the chip and reads its protection.
  ///
  /// - Throws: `SessionError`. The probe is closed then; `probeDescription` stays if the probe could be opened.
  public func open() throws(SessionError) {
    do throws(SessionError) {
      try openProbe()
      try openTarget()
    } catch {
      close()
      throw error
    }
  }

  private func openProbe() throws(SessionError) {
    let link = try SessionError.wrapping { () throws(DebugError) in
      try STLink(
        probe: probe, options: STLinkOptions(clock: options.clock, interruption: options.interruption))
    }
    stlink = link
    link.onClockReduction = { [observer] in observer(.warning($0.message)) }
    link.onRepetition = { [observer] in observer(.note("\($0.message)")) }
    link.onMissingFeature = { [observer] in observer(.note("\($0.missing); done without")) }
    let description = try SessionError.wrapping { () throws(DebugError) in try link.describe() }
    probeDescription = description
    millivolts = options.millivolts ?? description.targetMillivolts
    description.remarks.forEach { observer(.note(Advice($0))) }
  }

  private func openTarget() throws(SessionError) {
    let link = try openLink()
    try attach(link)
    let reads = flashReads(link)
    custody.reads = reads
    let device: Device
    do throws(DeviceError) {
      device = try DeviceIdentification.identify(over: link, override: options.device, reads: reads)
    } catch {
      throw .device(error)
    }
    device.notes.forEach { observer(.note(Advice($0))) }
    device.warnings.forEach { observer(.warning($0)) }
    self.device = device
    let (protection, pending) = try flash { () throws(FlashError) in
      try ProtectionState.readStored(over: link, device: device, believesFlash: reads.doubt == nil)
    }
    self.protection = protection
    try examineBanks(link, device)
    if let remark = protection.bankRemark(device) { observer(.note(Advice(remark))) }
    if let pending { observer(.warning(Advice(pending))) }
    if let erased = protection.options.erasedWarning {
      observer(.warning(Advice(erased)))
    } else {
      for problem in protection.options.problems(millivolts: millivolts) {
        observer(problem.isSevere ? .warning(Advice(problem.text)) : .note(Advice(problem.text)))
      }
    }
    try warnOfRemains(link)
    try warnOfMissingTable(link, device, protection)
  }

  /// Says when the flash holds data without a vector table in front of them.
  ///
  /// Costs one short read where a program is there; where the target is only looked at, one a sector.
  private func warnOfMissingTable(
    _ link: STLink, _ device: Device, _ protection: ProtectionState
  ) throws(SessionError) {
    guard options.surveysFlash, protection.readProtection == .level0, protection.codeProtectedSectors.isEmpty,
      custody.reads?.doubt == nil
    else { return }
    do throws(FlashError) {
      let survey = try FlashSurvey.examine(
        flashReader(link), of: device, startsFromBank2: protection.startsFromBank2,
        seeksGaps: attachReport?.mode == .hotPlug)
      if let warning = survey.warning { observer(.warning(Advice(warning))) }
    } catch {
      // A flash that cannot be read is the business of whoever is asked to read it.
      guard case .access(let access, _) = error.cause, access.isOfTheTarget else { throw .flash(error) }
      observer(.note("the flash could not be looked at: \(error.report.summary)"))
    }
  }

  // MARK: - Parts

  func openLink() throws(SessionError) -> STLink {
    guard let link = stlink else { throw .notOpen }
    return link
  }

  func limits() throws(SessionError) -> FlashLimits {
    guard let device, let protection else { throw .notOpen }
    return FlashLimits(device: device, protection: protection)
  }

  func withLimits<Result>(
    _ body: (FlashLimits) throws(PlanError) -> Result
  ) throws(SessionError) -> Result {
    let limits = try limits()
    do throws(PlanError) {
      return try body(limits)
    } catch {
      throw .plan(error)
    }
  }

  func flash<Result>(_ body: () throws(FlashError) -> Result) throws(SessionError) -> Result {
    do throws(FlashError) {
      return try body()
    } catch {
      throw .flash(examined(error))
    }
  }
}

extension SessionError {
  /// Runs accesses of the debug port and turns what they throw into an error of this layer.
  static func wrapping<Result>(_ body: () throws(DebugError) -> Result) throws(SessionError) -> Result {
    do throws(DebugError) {
      return try body()
    } catch {
      throw .access(error)
    }
  }
}
