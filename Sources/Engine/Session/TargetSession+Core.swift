import LinkInterface

extension TargetSession {
  func attach(_ link: STLink) throws(SessionError) {
    custody.attachment = try SessionError.wrapping { () throws(DebugError) in
      try Attach.run(link, mode: options.attachMode) { [observer] in observer(.warning($0)) }
    }
    custody.unit = custody.attachment?.unit
    if custody.attachment?.startsAnew ?? false { custody.standing = .atResetVector }
    attachReport?.notices.forEach { observer(.warning($0)) }
  }

  /// Says what an earlier debugging session has left; only looks.
  func warnOfRemains(_ link: STLink) throws(SessionError) {
    try SessionError.wrapping { () throws(DebugError) in
      do throws(DebugError) {
        let unit: DebugUnit
        if let held = custody.unit { unit = held } else { unit = try DebugUnit.observe(link) }
        if let warning = try DebuggerRemains.find(link, unit: unit).warning { observer(.warning(warning)) }
      } catch {
        guard error.isOfTheTarget else { throw error }
        observer(.note("the debug unit could not be looked at: \(error.report.summary)"))
      }
    }
  }

  /// Brings the core into a state in which nothing disturbs the flash: halted right after a reset.
  ///
  /// The reset stops whatever the firmware has set up (DMA, clocks, caches). After a hot plug, which must not reset, and
  /// where the reset fails, the core is halted where it stands.
  func takeCore(_ link: STLink) throws(SessionError) {
    guard let attachment = custody.attachment else { throw .notOpen }
    if custody.isTaken { return }
    try SessionError.wrapping { () throws(DebugError) in try takeCore(of: attachment) }
  }

  private func takeCore(of attachment: Attachment) throws(DebugError) {
    let link = attachment.link
    let unit: DebugUnit
    if let held = custody.unit {
      unit = held
    } else {
      unit = try attachment.hold()
      custody.unit = unit
    }
    if attachment.report.mode == .hotPlug {
      try custody.reads?.holdStill()
      if let device { try unswapBanks(link, device) }
    } else {
      try resetAndHalt(attachment.core)
      if custody.isFreshFromReset { try unit.takeOver(link) }
      try forgetEarlierResets(link)
    }
    custody.isTaken = true
  }

  /// Takes the core again after work on the flash has failed: a reset brings core and controller back to where they begin.
  func takeCoreAnew(_ link: STLink) throws(SessionError) {
    try SessionError.wrapping { () throws(DebugError) in try stopLoader() }
    custody.isTaken = false
    try takeCore(link)
  }

  private func resetAndHalt(_ core: CoreControl) throws(DebugError) {
    do throws(DebugError) {
      try core.resetAndHalt()
      custody.hasBeenReset()
    } catch {
      custody.hasNotBeenReset()
      guard error.isOfTheTarget else { throw error }
      observer(.note("the chip could not be reset (\(error.report.summary)); the core is halted where it stands"))
      try core.halt()
    }
  }

  /// Finds out where the banks are, and puts them in their own places where the core stands still.
  func examineBanks(_ link: STLink, _ device: Device) throws(SessionError) {
    try SessionError.wrapping { () throws(DebugError) in
      guard attachReport?.mode == .hotPlug else { return try unswapBanks(link, device) }
      let areSwapped = try BankSwap.isOn(over: link, map: device.sectorMap, coreStandsStill: false)
      custody.banks = areSwapped ?? false ? .swapped : .inPlace
      if areSwapped == nil, protection?.startsFromBank2 ?? false {
        observer(
          .warning(
            "whether the banks have changed places (BFB2) cannot be read while the program runs and SYSCFG has no clock: "
              + "what is read may be the other bank's"))
      }
    }
  }

  private func unswapBanks(_ link: STLink, _ device: Device) throws(DebugError) {
    guard try BankSwap.isOn(over: link, map: device.sectorMap, coreStandsStill: true) ?? false else { return }
    try BankSwap.set(false, over: link)
    custody.banks = .putInPlace
  }

  /// The flash as a reader has to look for it.
  func flashReader(_ link: STLink) -> FlashReader {
    let swap = custody.banks == .swapped ? device.map { BankSwap(flash: $0.sectorMap.range) } : nil
    return FlashReader(access: link, observer: observer, bankSwap: swap)
  }

  /// What sees to it that reads of the flash can be believed, for a target that has just been attached to.
  func flashReads(_ link: STLink) -> FlashReads {
    let mayReset = attachReport?.mode != .hotPlug
    return FlashReads(
      link, millivolts: millivolts, isAtReset: custody.isFreshFromReset, isHeld: mayReset,
      reset: mayReset ? { [weak self] () throws(DebugError) in try self?.resetForReading() ?? false } : nil,
      warn: { [observer] in observer(.warning($0)) })
  }

  private func resetForReading() throws(DebugError) -> Bool {
    guard let attachment = custody.attachment else { return false }
    try takeCore(of: attachment)
    return custody.isFreshFromReset
  }

  /// Refuses to go on where the answers of the flash cannot be believed.
  func refuseDoubtfulReads() throws(SessionError) {
    let register = device?.sizeRegister
    let doubt = try SessionError.wrapping { () throws(DebugError) in
      try custody.reads?.lookAnew(sizeRegister: register)
    }
    if let doubt { throw .device(.unreliableFlash(doubt)) }
  }

  /// Reads the flash, and believes what comes of it only if it can be believed before and afterwards: a program that runs
  /// on may change its clock.
  func believing<Value>(_ body: () throws(SessionError) -> Value) throws(SessionError) -> Value {
    try refuseDoubtfulReads()
    let result: Value
    do throws(SessionError) {
      result = try body()
    } catch {
      // Where nothing stands against the answers, or nothing can be looked at any more, the first error is the one to tell.
      if let doubt = doubtNow(), case .device(.unreliableFlash) = doubt { throw doubt }
      throw error
    }
    try refuseDoubtfulReads()
    return result
  }

  private func doubtNow() -> SessionError? {
    do throws(SessionError) {
      try refuseDoubtfulReads()
      return nil
    } catch {
      return error
    }
  }

  /// How the flash will be programmed, as far as can be told before the loader has been tried.
  var programmingMethod: ProgrammingMethod {
    guard let device, options.usesLoader, custody.attachment?.report.mode != .hotPlug,
      let memory = LoaderMemory(ramByteCount: device.contiguousRAMByteCount)
    else { return .direct }
    return .loader(ringByteCount: memory.ring.count)
  }

  /// Resets and halts the core and starts the loader; nil where it cannot run.
  func takeCoreForLoader(_ link: STLink) throws(FlashError) -> Loader? {
    do throws(SessionError) {
      try takeCore(link)
    } catch {
      guard case .access(let cause) = error else { return nil }
      throw FlashError.access(cause, during: "halting the core")
    }
    return try startLoader(link)
  }

  /// The loader in the target's RAM, running; nil, and the user is told once, where none can run there.
  ///
  /// One that runs already is trusted: the core has had no chance to run anything else that could have written over it.
  /// Where it has been reset or halted behind our back, it is taken anew.
  func startLoader(_ link: STLink) throws(FlashError) -> Loader? {
    guard let device else { return nil }
    if let refusal = custody.loaderRefusal, refusal != .notReset || !custody.isFreshFromReset { return nil }
    do throws(LoaderRefusal) {
      if let loader = try runningLoader(link) { return loader }
      guard options.usesLoader else { throw .unwanted }
      guard custody.isFreshFromReset else { throw .notReset }
      custody.standing = .afterLoader
      let loader = try Loader.start(link, ramByteCount: device.contiguousRAMByteCount)
      custody.standing = .inLoader(loader)
      return loader
    } catch {
      if case .target(let cause) = error, !cause.isOfTheTarget {
        throw FlashError.access(cause, during: "starting the RAM loader")
      }
      custody.loaderRefusal = error
      let text = "the flash is programmed through the debug port, which is slower: \(error.reason)"
      observer(error == .unwanted ? .note(text) : .warning(text))
      return nil
    }
  }

  /// The loader that was started before, if the core still runs it; else the core is where a new one can start.
  private func runningLoader(_ link: STLink) throws(LoaderRefusal) -> Loader? {
    guard case .inLoader(let loader) = custody.standing, loader.isStarted else { return nil }
    do throws(SessionError) {
      let isRunning = try SessionError.wrapping { () throws(DebugError) in try loader.isRunning() }
      if isRunning { return loader }
      observer(.note("the RAM loader does not run any more and is started anew"))
      try takeCoreAnew(link)
      return nil
    } catch {
      if case .access(let cause) = error { throw .target(cause) }
      throw .notReset
    }
  }

  /// Ends the loader where it still runs; the core stands still then.
  func stopLoader() throws(DebugError) {
    guard case .inLoader(let loader) = custody.standing else { return }
    try loader.stop()
    custody.standing = .afterLoader
  }

  /// Resets the chip and catches the core before its first instruction; `close` lets it go.
  ///
  /// - Throws: `SessionError.access` where the core cannot be caught.
  public func reset() throws(SessionError) {
    guard let attachment = custody.attachment else { throw .notOpen }
    _ = try openLink()
    try SessionError.wrapping { () throws(DebugError) in
      try stopLoader()
      if custody.unit == nil { custody.unit = try attachment.observe() }
      custody.isTaken = false
      custody.hasNotBeenReset()
      try attachment.core.resetAndHalt()
    }
    custody.hasBeenReset()
    if custody.flash == .changed { custody.flash = .asFound }
  }

  /// Leaves the target and the probe in a stated condition; never throws, and may be called twice.
  ///
  /// A core whose flash holds half of a firmware stays halted, whatever is asked for; one whose flash has changed is
  /// reset, and caught, before it runs. The write that lets the core run is the last one.
  ///
  /// - Parameter leaving: what the core is to do; nil to leave it as the way of attaching suggests: untouched after a hot
  ///   plug, else running.
  @discardableResult
  public func close(leaving: CoreLeaving? = nil) -> ClosingStatement {
    var statement = ClosingStatement(core: nil, reason: nil, wasReset: false, problems: [])
    guard let link else { return statement }
    self.link = nil
    link.channel.ignoreInterruption()
    if let attachment = custody.attachment {
      leave(attachment, leaving, &statement)
    } else {
      statement.reason = "the target was not reached"
    }
    do throws(DebugError) {
      try link.close()
    } catch {
      statement.problems.append("the probe could not be left clean: \(error.report.summary)")
    }
    if let warning = link.repetitionWarning { observer(.warning(warning)) }
    custody = CoreCustody()
    return statement
  }

  /// How often, and how far apart, a program that has just been started is looked at.
  private static let lookCount = 5
  private static let lookPause: Duration = .milliseconds(10)

  /// Looks at what becomes of the program; only reads.
  private func look(
    _ link: STLink, hasStarted: Bool, _ statement: inout ClosingStatement
  ) throws(DebugError) {
    guard let device, let protection else { return }
    let observer = ProgramObserver(link: link, millivolts: millivolts)
    let seen = try observer.look(count: hasStarted ? TargetSession.lookCount : 0, pause: TargetSession.lookPause)
    statement.program = try observer.complete(seen, device, protection).verdict
    statement.core = seen.status
  }

  private func leave(_ attachment: Attachment, _ asked: CoreLeaving?, _ statement: inout ClosingStatement) {
    var leaving = asked ?? (custody.unit == nil ? .asFound : .running)
    if custody.flash == .broken && leaving != .halted {
      leaving = .halted
      statement.reason = "its flash holds no complete firmware"
    }
    do throws(DebugError) {
      try stopLoader()
      let mustReset = leaving == .running && custody.flash == .changed || custody.needsReset && custody.flash != .broken
      if mustReset && leaving != .asFound {
        try attachment.core.resetAndHalt()
        custody.hasBeenReset()
        statement.wasReset = true
      } else {
        try custody.reads?.restore()
        if custody.banks == .putInPlace { try BankSwap.set(true, over: attachment.link) }
      }
    } catch {
      statement.problems.append("the target could not be left as asked: \(error.report.summary)")
      // What a loader has left must not run.
      if custody.needsReset { leaving = .halted }
    }
    do throws(DebugError) {
      // With its clocks off again a core that sleeps most of the time cannot be looked at.
      let isSeenBefore = leaving == .asFound && attachment.earlierConfiguration != nil
      if isSeenBefore { try look(attachment.link, hasStarted: false, &statement) }
      let core = try attachment.detach(leaving, custody.unit, startsAnew: custody.isAtResetVector).core
      statement.core = core ?? statement.core
      if leaving != .halted && !isSeenBefore {
        try look(attachment.link, hasStarted: leaving == .running && custody.isAtResetVector, &statement)
      }
    } catch {
      statement.problems.append("the target's state is not known: \(error.report.summary)")
    }
  }
}
