import Basics
public import LinkInterface

/// One probe and the chip behind it, from opening to closing: what the command line works with.
///
/// Calls are synchronous and a session has a single owner. `close` must be called in the end, after a failure too; it
/// says in which condition the target is left.
public final class TargetSession {
  /// What is known of the probe; nil until it has been opened, kept when the target then does not answer.
  public private(set) var probeDescription: ProbeDescription?
  /// The chip; nil until it has been identified.
  public private(set) var device: Device?
  /// What the chip's option bytes protect; nil until it has been identified.
  public internal(set) var protection: ProtectionState?
  /// How the target was got hold of; nil until it was.
  public var attachReport: AttachReport? { custody.attachment?.report }
  /// The supply in millivolts, as the user says or else as the probe measures; nil where neither is known.
  public private(set) var millivolts: Int?

  let probe: any USBDevice
  let options: SessionOptions
  let observer: FlashObserver
  var link: STLink?
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
    self.link = link
    link.onClockReduction = { [observer] in observer(.warning($0.message)) }
    link.onRepetition = { [observer] in observer(.note($0.message)) }
    link.onMissingFeature = { [observer] in observer(.note($0.missing + "; done without")) }
    let description = try SessionError.wrapping { () throws(DebugError) in try link.describe() }
    probeDescription = description
    millivolts = options.millivolts ?? description.targetMillivolts
    description.remarks.forEach { observer(.note($0)) }
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
    device.notes.forEach { observer(.note($0)) }
    device.warnings.forEach { observer(.warning($0)) }
    self.device = device
    let (protection, pending) = try flash { () throws(FlashError) in
      try ProtectionState.readStored(over: link, device: device, believesFlash: reads.doubt == nil)
    }
    self.protection = protection
    try examineBanks(link, device)
    if let remark = protection.bankRemark(device) { observer(.note(remark)) }
    if let pending { observer(.warning(pending)) }
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
        flashReader(link), of: device, seeksGaps: attachReport?.mode == .hotPlug)
      if let warning = survey.warning { observer(.warning(warning)) }
    } catch {
      // A flash that cannot be read is the business of whoever is asked to read it.
      guard case .access(let access, _) = error.cause, access.isOfTheTarget else { throw .flash(error) }
      observer(.note("the flash could not be looked at: \(error.report.summary)"))
    }
  }

  // MARK: - Writing and erasing

  /// Works out what writing an image would do; reads the chip where it must and leaves its flash alone.
  ///
  /// - Parameter isToBeExecuted: whether the core may be reset and halted already now, so that the loader can look
  ///   through the flash.
  public func plan(
    writing image: FirmwareImage, _ planOptions: PlanOptions = PlanOptions(), isToBeExecuted: Bool = false
  ) throws(SessionError) -> FlashPlan {
    // A firmware that runs on might write to its flash between the look at it and the work that rests on that.
    if isToBeExecuted, attachReport?.mode == .hotPlug { try takeCore(try openLink()) }
    try refuseDoubtfulReads()
    let contents = try contents(usingLoader: isToBeExecuted)
    let planner = try planner(contents)
    let plan: FlashPlan
    do throws(PlanError) {
      plan = try planner.plan(writing: image, planOptions)
    } catch {
      let error = examined(error)
      try flash { () throws(FlashError) in try contents.finish() }
      throw .plan(error)
    }
    try flash { () throws(FlashError) in try contents.finish() }
    return plan
  }

  /// Works out what erasing would do; touches nothing.
  public func plan(erasing request: EraseRequest) throws(SessionError) -> FlashPlan {
    let planner = try planner(try contents(usingLoader: false))
    do throws(PlanError) {
      return try planner.plan(erasing: request)
    } catch {
      throw .plan(error)
    }
  }

  /// Carries out a plan of this session, with the core halted; an empty one does nothing at all.
  ///
  /// Where it fails in a way that a supply explains that gives way under the load, it is tried again at narrower widths,
  /// unless the user has asked for one; the observer is told.
  ///
  /// - Parameter verifies: whether what was written or erased is read back and compared.
  /// - Returns: the plan that went through, which has a narrower width where the first one failed.
  /// - Throws: `SessionError.flash`; the core is then left halted, whatever `close` is told.
  @discardableResult
  public func execute(_ plan: FlashPlan, verifies: Bool = true) throws(SessionError) -> FlashPlan {
    let link = try openLink()
    if plan.isEmpty { return plan }
    try takeCore(link)
    try refuseDoubtfulReads()
    var plan = plan
    var first: FlashError?
    while var error = failure(of: plan, verifies: verifies, link) {
      guard options.parallelism == nil, let narrower = plan.narrowed(after: error) else {
        throw .flash(first.map { $0.followed(by: error, at: plan.parallelism) } ?? error)
      }
      first = first ?? error
      observer(
        .warning(
          "\(error.report.summary): the supply may give way under the load of \(plan.parallelism.name); "
            + "erasing and programming again at \(narrower.parallelism.name)"))
      do throws(SessionError) {
        try takeCoreAnew(link)
      } catch let second {
        error.cleanupFailures.append("it could not be tried at a narrower width: \(second.report.summary)")
        throw .flash(error)
      }
      plan = narrower
    }
    return plan
  }

  /// Carries out a plan once.
  ///
  /// - Returns: why it failed; nil where it did not.
  private func failure(of plan: FlashPlan, verifies: Bool, _ link: STLink) -> FlashError? {
    do throws(FlashError) {
      let loader = try startLoader(link)
      try Programmer(
        controller: FlashController(access: link, map: plan.sectorMap), loader: loader, observer: observer
      ).execute(plan, verifies: verifies)
    } catch {
      custody.flashIsBroken = custody.flashIsBroken || error.leavesFlashIncomplete
      return examined(error)
    }
    custody.flashHasChanged = true
    custody.flashIsBroken = false
    return nil
  }

  // MARK: - Reading

  /// Compares the flash with an image: by checksums that the loader forms, or by reading it.
  ///
  /// - Parameter mayReset: whether the chip may be reset for the loader; else its firmware goes on where it was.
  /// - Throws: `SessionError.flash` with the cause `mismatch`; `SessionError.plan` when the image does not fit.
  public func verify(_ image: FirmwareImage, mayReset: Bool = false) throws(SessionError) {
    let link = try openLink()
    try withLimits { (limits) throws(PlanError) in try limits.checkReadable(image) }
    try believing { () throws(SessionError) in try compare(image, mayReset: mayReset, link) }
  }

  private func compare(_ image: FirmwareImage, mayReset: Bool, _ link: STLink) throws(SessionError) {
    let blocks = image.segments.map { FlashBlock(address: $0.address, bytes: $0.bytes) }
    let loader = try flash { () throws(FlashError) in
      mayReset && programmingMethod != .direct ? try takeCoreForLoader(link) : nil
    }
    var progress = PhaseProgress(
      .verifying, total: image.totalByteCount, clock: link.clock, observer: observer)
    try flash { () throws(FlashError) in
      if let loader {
        try verify(blocks, loader, &progress)
      } else {
        try verify(blocks, reading: link, &progress)
      }
    }
    progress.finish()
  }

  private func verify(
    _ blocks: [FlashBlock], _ loader: Loader, _ progress: inout PhaseProgress
  ) throws(FlashError) {
    let verifier = LoaderVerifier(loader: loader, observer: observer, context: .standingAlone)
    do throws(FlashError) {
      try verifier.verify(blocks, &progress)
    } catch {
      throw error.stopping(loader)
    }
    try FlashError.wrapping("stopping the RAM loader") { () throws(DebugError) in try loader.stop() }
  }

  private func verify(
    _ blocks: [FlashBlock], reading link: STLink, _ progress: inout PhaseProgress
  ) throws(FlashError) {
    let verifier = Verifier(reader: flashReader(link), context: .standingAlone)
    let compare = { (progress: inout PhaseProgress) throws(FlashError) in
      try verifier.verify(blocks) { progress.advance(by: $0) }
    }
    // A core that runs on keeps its caches: turning them off would slow it down.
    if attachReport?.mode == .hotPlug { return try compare(&progress) }
    try FlashCaches(access: link).withFreshReads { () throws(FlashError) in try compare(&progress) }
  }

  /// Reads any range of addresses.
  ///
  /// - Throws: `SessionError.plan` for a range that is empty, runs past the last address or is protected.
  public func read(address: UInt32, byteCount: Int) throws(SessionError) -> [UInt8] {
    let link = try openLink()
    let range = try withLimits { (limits) throws(PlanError) in
      try limits.checkReadable(address: address, byteCount: byteCount)
    }
    let read = { [self] () throws(SessionError) in
      try flash { () throws(FlashError) in try flashReader(link).read(range, phase: .reading) }
    }
    return AddressPlace.parts(of: range).contains { $0.place.isFlash } ? try believing(read) : try read()
  }

  /// Reads a range that has to lie in an area of the chip.
  ///
  /// - Throws: `SessionError.plan` for a range that does not, and as reading any range does.
  public func read(address: UInt32, byteCount: Int, in area: MemoryArea) throws(SessionError) -> [UInt8] {
    guard let device else { throw .notOpen }
    guard let whole = area.range(of: device) else {
      throw .plan(.noSuchArea(area.title, deviceName: device.name))
    }
    guard whole.contains(address), byteCount <= Int(whole.upperBound - address) else {
      let last = UInt32(clamping: Int(address) + max(byteCount, 1) - 1)
      throw .plan(.outsideArea(address...last, area: area.title, range: whole, deviceName: device.name))
    }
    return try read(address: address, byteCount: byteCount)
  }

  /// Reads a whole area of the chip.
  ///
  /// - Returns: the address of the first byte, and the bytes.
  public func read(_ area: MemoryArea) throws(SessionError) -> (address: UInt32, bytes: [UInt8]) {
    guard let device else { throw .notOpen }
    guard let range = area.range(of: device) else {
      throw .plan(.noSuchArea(area.title, deviceName: device.name))
    }
    return (range.lowerBound, try read(address: range.lowerBound, byteCount: range.count))
  }

  // MARK: - Parts

  func openLink() throws(SessionError) -> STLink {
    guard let link else { throw .notOpen }
    return link
  }

  private func contents(usingLoader: Bool) throws(SessionError) -> FlashContents {
    let link = try openLink()
    let reader = flashReader(link)
    guard usingLoader, programmingMethod != .direct else { return FlashContents(reader: reader) }
    return FlashContents(reader: reader) { () throws(FlashError) in
      try self.takeCoreForLoader(link)
    }
  }

  private func planner(_ contents: FlashContents) throws(SessionError) -> FlashPlanner {
    let link = try openLink()
    let limits = try limits()
    let supply = SupplyConditions(
      millivolts: millivolts, hasProgrammingVoltage: options.hasProgrammingVoltage, asked: options.parallelism)
    let (parallelism, warning) = try flash { () throws(FlashError) in try supply.parallelism() }
    if let warning { observer(.warning(warning)) }
    return FlashPlanner(
      limits: limits, parallelism: try reachable(parallelism, link), timing: transferTiming(of: link),
      method: programmingMethod, contents: contents)
  }

  /// The same width, or x8 where the debug port has to program at x16 and the probe makes no 16-bit accesses.
  ///
  /// Every programming access must have the width of PSIZE (RM0090, 3.6.3). Where the user asks for x16, it is refused
  /// before anything is touched.
  private func reachable(_ parallelism: Parallelism, _ link: STLink) throws(SessionError) -> Parallelism {
    guard parallelism == .x16, programmingMethod == .direct else { return parallelism }
    let makesHalfwords = try SessionError.wrapping { () throws(DebugError) in try link.makesHalfwordAccesses() }
    if makesHalfwords { return parallelism }
    guard options.parallelism == nil else { throw .access(link.halfwordsUnsupported) }
    observer(.note("the probe makes no 16-bit accesses: programming at x8 where the supply would allow x16"))
    return .x8
  }

  private func transferTiming(of link: STLink) -> TransferTiming {
    guard let kilohertz = link.clockSetting.actualKHz else { return .standard }
    return TransferTiming(kilohertz: kilohertz, isV3: link.product.generation.speaksVersion3)
  }

  private func limits() throws(SessionError) -> FlashLimits {
    guard let device, let protection else { throw .notOpen }
    return FlashLimits(device: device, protection: protection)
  }

  private func withLimits<Result>(
    _ body: (FlashLimits) throws(PlanError) -> Result
  ) throws(SessionError) -> Result {
    let limits = try limits()
    do throws(PlanError) {
      return try body(limits)
    } catch {
      throw .plan(error)
    }
  }

  private func flash<Result>(_ body: () throws(FlashError) -> Result) throws(SessionError) -> Result {
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

extension MemoryArea {
  /// The area's name in messages.
  public var title: String {
    switch self {
    case .main: "main flash"
    case .system: "system memory"
    case .otp: "OTP area"
    case .option: "option bytes"
    case .optionOfBank2: "option bytes of a second bank"
    case .ram: "RAM"
    case .ccm: "core-coupled memory"
    }
  }

  /// Where a chip has the area; nil where it has none.
  func range(of device: Device) -> Range<UInt32>? {
    switch self {
    case .main: device.sectorMap.range
    case .system: FixedArea.systemMemory.range
    case .otp: FixedArea.otp.range
    case .option: FixedArea.optionBytes.range
    case .optionOfBank2: device.die.hasSecondBank ? FixedArea.optionBytesOfBank2.range : nil
    case .ram: 0x2000_0000..<0x2000_0000 + UInt32(device.contiguousRAMByteCount)
    case .ccm: device.ram.first { $0.name == "CCM" }?.range
    }
  }
}
