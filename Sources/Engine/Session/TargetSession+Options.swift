import Basics
import Failures
import LinkInterface

// Reading and changing option bytes.
extension TargetSession {
  /// The option bytes as they act and as they are stored; changes nothing, and works at RDP level 1 too.
  public func readOptions() throws(SessionError) -> OptionReading {
    guard let device else { throw .notOpen }
    let link = try openLink()
    let reading = try flash { () throws(FlashError) in
      try OptionReading.read(over: link, OptionLayout(device), believesFlash: custody.reads?.doubt == nil)
    }
    protection = ProtectionState(reading.lasting)
    return reading
  }

  /// Works out what changing single fields would do; touches nothing.
  ///
  /// - Throws: `SessionError.plan` with `PlanError.options` for what cannot or must not be.
  public func plan(changing assignments: [OptionAssignment]) throws(SessionError) -> OptionPlan {
    try planOptions { (options) throws(OptionRefusal) in try options.applying(assignments) }
  }

  func planOptions(
    storing after: OptionBytes, erasesAnyway: Bool = false
  ) throws(SessionError) -> OptionPlan {
    try planOptions(erasesAnyway: erasesAnyway) { _ in after }
  }

  func planOptions(
    erasesAnyway: Bool = false, isAfterWriting: Bool = false,
    _ change: (OptionBytes) throws(OptionRefusal) -> OptionBytes
  ) throws(SessionError) -> OptionPlan {
    guard let device else { throw .notOpen }
    let planner = OptionPlanner(device: device, before: try readOptions().lasting, millivolts: millivolts)
    var plan: OptionPlan
    do throws(OptionRefusal) {
      plan = try planner.plan(storing: try change(planner.before), erasesAnyway: erasesAnyway)
    } catch {
      throw .plan(.options(error))
    }
    // What lies in the flash now says nothing of what will lie there.
    if !isAfterWriting { plan.warnings += try warnings(of: plan, device) }
    return plan
  }

  /// Carries out a plan of this session: programs, reads back what is stored, resets the chip, and looks what it has
  /// loaded.
  ///
  /// RDP level 2 is programmed and left to the next start: a reset would end the session with the debug port.
  ///
  /// - Throws: `SessionError.plan` where the plan does more than is allowed; `SessionError.flash` where the chip does not
  ///   hold what was asked for.
  public func execute(
    _ plan: OptionPlan, permitting permissions: OptionPermissions = OptionPermissions()
  ) throws(SessionError) {
    do throws(OptionRefusal) { try permissions.check(plan) } catch { throw .plan(.options(error)) }
    guard let device, !plan.isEmpty else { return }
    let link = try openLink()
    if plan.before.looksErased {
      observer(.note("the option bytes are erased: the chip gets the factory's, whatever it had before"))
    }
    observer(
      .warning(
        """
        keep the power on: a chip that loses it while its option bytes are programmed is left read-protected, and its \
        firmware is lost
        """))
    if !plan.erasedSectors.isEmpty && custody.flash == .asFound { custody.flash = .changed }
    var given: OptionBytes?
    do throws(SessionError) {
      for step in plan.steps { try program(step, within: plan.maximumDuration, device, link, &given) }
    } catch {
      guard let given else { throw error }
      throw TargetSession.telling(error, given: given, of: plan)
    }
  }

  /// The same error with what the chip has been given before it: a stop or a lost link must not hide that.
  private static func telling(_ error: SessionError, given: OptionBytes, of plan: OptionPlan) -> SessionError {
    var failure: FlashError
    switch error {
    case .flash(let flash): failure = flash
    case .access(let access): failure = FlashError.access(access, during: "changing the option bytes")
    default: return error
    }
    // What the chip holds instead is told by the error.
    if case .optionsRefused = failure.cause { return error }
    let isHalf = given != plan.steps.last
    failure.aftermath.append(
      "\(given) is stored, and counts from the next reset on" + (isHalf ? ": the change is half done" : ""))
    return .flash(failure)
  }

  /// Programs option bytes, resets the chip so that it loads them, and looks whether it has.
  ///
  /// - Parameter given: becomes what was asked for as soon as it is programmed.
  private func program(
    _ asked: OptionBytes, within limit: Duration, _ device: Device, _ link: STLink, _ given: inout OptionBytes?
  ) throws(SessionError) {
    try SessionError.wrapping { () throws(DebugError) in try stopLoader() }
    try takeCore(link)
    let programmer = OptionProgrammer(access: link)
    do throws(FlashError) {
      try programmer.program(asked, within: limit)
    } catch {
      throw .flash(programmer.hasBegun ? describing(examined(error), asked: asked, device, link) : examined(error))
    }
    given = asked
    try checkStored(asked, link)
    if asked.readProtection == .level2 { return }
    try reset()
    try checkLoaded(asked, link)
  }

  /// Compares what the flash stores, where the chip shows it to a debugger: while it acts at level 0.
  private func checkStored(_ asked: OptionBytes, _ link: STLink) throws(SessionError) {
    guard protection?.readProtection == .level0, custody.reads?.doubt == nil else { return }
    let stored = try flash { () throws(FlashError) in
      try FlashError.wrapping("reading the option bytes") { () throws(DebugError) in
        try OptionBytes.readStored(link, instead: asked)
      }
    }
    if stored != asked { throw .flash(TargetSession.refused(stored, asked: asked)) }
  }

  private func checkLoaded(_ asked: OptionBytes, _ link: STLink) throws(SessionError) {
    let loaded = try flash { () throws(FlashError) in
      try FlashError.wrapping("reading the option registers") { () throws(DebugError) in
        try OptionBytes.readLoaded(link, asked.layout)
      }
    }
    protection = ProtectionState(loaded)
    if loaded != asked { throw .flash(TargetSession.refused(loaded, asked: asked)) }
    if let map = loaded.sectorMap { device?.sectorMap = map }
  }
}

// What to think of that only the chip tells.
extension TargetSession {
  private func warnings(of plan: OptionPlan, _ device: Device) throws(SessionError) -> [String] {
    let before = plan.before
    guard before.readProtection == .level0, !before.isCodeProtection, custody.reads?.doubt == nil else { return [] }
    var warnings: [String] = []
    let startsFromBank2 = before[.startsFromBank2] == 1
    if !startsFromBank2, plan.after[.startsFromBank2] == 1, plan.after.hasTwoBanks,
      let bank2 = plan.after.sectorMap?.sectors.first(where: { $0.bank == 2 })
    {
      let link = try openLink()
      let row = try flash { () throws(FlashError) in
        try flashReader(link).readPiece(at: bank2.range.lowerBound, byteCount: 16)
      }
      if !device.isStackTop(row.littleEndianWord(at: 0)) {
        warnings.append(
          "bank 2 holds no program at \(bank2.range.lowerBound.hexadecimal): the ROM goes on with bank 1, or with its "
            + "bootloader where that holds none either")
      }
    }
    let new = plan.after.markedSectors.filter { !before.markedSectors.contains($0) }
    if !new.isEmpty, try flashLooksInterrupted(device, before) {
      warnings.append(
        "the flash looks as a write leaves it that broke off: write the firmware before its sectors are protected")
    }
    return warnings
  }

  private func flashLooksInterrupted(_ device: Device, _ options: OptionBytes) throws(SessionError) -> Bool {
    let link = try openLink()
    let survey = try flash { () throws(FlashError) in
      try FlashSurvey.examine(
        flashReader(link), of: device, startsFromBank2: ProtectionState(options).startsFromBank2)
    }
    return survey.causes.first == .writeInterrupted
  }
}

// What became of option bytes whose programming did not end well.
extension TargetSession {
  private static func refused(_ found: OptionBytes, asked: OptionBytes) -> FlashError {
    var error = FlashError(.optionsRefused(asked: asked))
    error.evidence.optionControl = found.optionControl
    error.evidence.options = found
    return error
  }

  /// The same error with what the option bytes hold now; what they held before is not what they hold.
  private func describing(
    _ error: FlashError, asked: OptionBytes, _ device: Device, _ link: STLink
  ) -> FlashError {
    var error = error
    error.evidence.optionControl = nil
    error.evidence.options = nil
    error.aftermath.append("\(asked) was being programmed")
    do throws(FlashError) {
      let now = try ProtectionState.read(over: link, device: device)
      error.evidence.optionControl = now.optionControl
      error.evidence.options = now.options
      protection = now
      error.aftermath.append(
        now.options.erasedWarning ?? "what is stored counts from the next reset on")
    } catch _ {
      // What cannot be read now is told as what it may be; the first error stays the one to tell.
      error.aftermath.append(
        "if the chip has lost its power, its option bytes are erased: read protection is at level 1"
          + (device.die.hasCodeReadProtection ? ", every sector has PCROP" : "") + ", and its firmware is lost")
      error.advice.append(
        """
        Look\(with: .identify) when the chip answers again; \(.liftAllProtection, or: "taking all protection off") \
        brings it back
        """)
    }
    return error
  }
}
