import Failures
import LinkInterface

// Planning, erasing and programming.
extension TargetSession {
  /// Works out what writing an image would do; reads the chip where it must and leaves its flash alone.
  ///
  /// - Parameter isToBeExecuted: whether the core may be reset and halted already now, so that the loader can look
  ///   through the flash. It goes on then, for the execution.
  public func plan(
    writing image: FirmwareImage, _ planOptions: PlanOptions = PlanOptions(), isToBeExecuted: Bool = false
  ) throws(SessionError) -> FlashPlan {
    // A firmware that runs on might write to its flash between the look at it and the work that rests on that.
    if isToBeExecuted, attachReport?.mode == .hotPlug { try takeCore(try openLink()) }
    try refuseDoubtfulReads()
    let planner = try planner(try contents(usingLoader: isToBeExecuted))
    do throws(PlanError) {
      return try planner.plan(writing: image, planOptions)
    } catch {
      throw .plan(examined(error))
    }
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
    var (plan, first) = (plan, FlashError?.none)
    while true {
      do throws(FlashError) {
        let worker = try worker(link, plan.sectorMap)
        // A loader that is refused only now leaves the work to the debug port, whose accesses may not be as wide.
        if worker is DirectProgrammer {
          plan.parallelism = try FlashError.wrapping("asking for 16-bit accesses") { () throws(DebugError) in
            try reachable(plan.parallelism, link)
          }
        }
        try Programmer(
          controller: FlashController(access: link, map: plan.sectorMap), worker: worker, observer: observer
        ).execute(plan, verifies: verifies)
        custody.flash = .changed
        return plan
      } catch {
        if error.leavesFlashIncomplete { custody.flash = .broken }
        let error = examined(error)
        plan = try narrower(plan, after: error, first, link)
        first = first ?? error
      }
    }
  }

  /// The same work at a narrower width, the core taken anew for it.
  ///
  /// - Parameter first: what the first attempt has failed with; nil where this was the first.
  /// - Throws: `SessionError.flash` with what there is to tell where no narrower width may help.
  private func narrower(
    _ plan: FlashPlan, after error: FlashError, _ first: FlashError?, _ link: STLink
  ) throws(SessionError) -> FlashPlan {
    guard options.parallelism == nil, let narrower = plan.narrowed(after: error) else {
      throw .flash(first.map { $0.followed(by: error, at: plan.parallelism) } ?? error)
    }
    observer(
      .warning(
        """
        \(error.report.summary): the supply may give way under the load of \(plan.parallelism.name); erasing and \
        programming again at \(narrower.parallelism.name)
        """))
    do throws(SessionError) {
      try takeCoreAnew(link)
    } catch let second {
      var error = error
      error.cleanupFailures.append("it could not be tried at a narrower width: \(second.report.summary)")
      throw .flash(error)
    }
    return narrower
  }

  // MARK: - Parts

  /// Who works on the flash: the loader where it may and can run, else the debug port.
  func worker(
    _ link: STLink, _ map: SectorMap, usesLoader: Bool = true
  ) throws(FlashError) -> any FlashWorker {
    if usesLoader, let loader = try startLoader(link) {
      return LoaderProgrammer(loader: loader, reader: flashReader(link))
    }
    return DirectProgrammer(
      controller: FlashController(access: link, map: map), reader: flashReader(link))
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
    let width = try SessionError.wrapping { () throws(DebugError) in
      programmingMethod == .direct ? try reachable(parallelism, link) : parallelism
    }
    return FlashPlanner(
      limits: limits, parallelism: width, timing: transferTiming(of: link),
      method: programmingMethod, contents: contents)
  }

  /// The same width for the debug port to program at, or x8 for x16 where the probe makes no 16-bit accesses.
  ///
  /// Every programming access must have the width of PSIZE (RM0090, 3.6.3). Where the user asks for x16, it is refused
  /// before anything is touched.
  private func reachable(_ parallelism: Parallelism, _ link: STLink) throws(DebugError) -> Parallelism {
    guard parallelism == .x16, try !link.makesHalfwordAccesses() else { return parallelism }
    guard options.parallelism == nil else { throw link.halfwordsUnsupported }
    observer(.note("the probe makes no 16-bit accesses: programming at x8 where the supply would allow x16"))
    return .x8
  }

  private func transferTiming(of link: STLink) -> TransferTiming {
    guard let kilohertz = link.clockSetting.actualKHz else { return .standard }
    return TransferTiming(kilohertz: kilohertz, isV3: link.product.generation.speaksVersion3)
  }
}
