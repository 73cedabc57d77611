import Failures
import LinkInterface

extension TargetSession {
  func attach(_ link: STLink) throws(SessionError) {
    custody.attachment = try SessionError.wrapping { () throws(DebugError) in try attachPatiently(link) }
    custody.unit = custody.attachment?.unit
    if custody.attachment?.startsAnew ?? false { custody.standing = .atResetVector }
    try lookForLoader(link)
    attachReport?.notices.forEach { observer(.warning($0)) }
  }

  /// Gets hold of a target again that has been without power, or does not answer as it did.
  func attachAnew(_ link: STLink) throws(SessionError) {
    let attachment = try SessionError.wrapping { () throws(DebugError) in
      try Attach.run(link, mode: options.attachMode, buttonPatience: .zero) { [observer] in
        observer(.warning(Advice($0)))
      }
    }
    custody.attachment = attachment
    custody.unit = attachment.unit
    custody.standing = attachment.startsAnew ? .atResetVector : .inProgram
    custody.isTaken = false
    try lookForLoader(link)
  }

  /// Gets hold of the target, as soon as one answers where the user waits for it.
  private func attachPatiently(_ link: STLink) throws(DebugError) -> Attachment {
    let deadline = link.clock.deadline(after: options.patience)
    let identity = options.patience > .zero ? try waitForTarget(link, until: deadline) : nil
    let left = max(.zero, link.clock.remaining(to: deadline))
    // What is open is not opened again: where the core sleeps, an access waits for it, and ENTER would wait with it.
    let isOpen = options.attachMode != .underReset
    return try Attach.run(
      link, mode: options.attachMode, openWith: isOpen ? identity : nil, buttonPatience: left
    ) { [observer] in
      observer(.warning(Advice($0)))
    }
  }

  /// Waits until a debug port answers whose core is out of reset, or until a deadline.
  ///
  /// It is for a board that is switched on late, and for a reset button that somebody holds. Nothing but the link is
  /// touched.
  ///
  /// - Returns: the debug port's identity; nil where none has answered.
  private func waitForTarget(_ link: STLink, until deadline: Deadline) throws(DebugError) -> UInt32? {
    var hasWaited = false
    var identity = try answer(of: link)
    while identity == nil, !link.clock.hasPassed(deadline) {
      if !hasWaited { observer(.note("no target answers yet; waiting for one")) }
      hasWaited = true
      link.clock.wait(for: TargetSession.waitingPause)
      identity = try answer(of: link)
    }
    guard hasWaited, options.millivolts == nil else { return identity }
    // What was measured before was the supply of a board that was off.
    millivolts = try link.targetMillivolts() ?? millivolts
    return identity
  }

  /// The pause between two looks for a target: short against what a program takes that turns SWD off.
  private static let waitingPause: Duration = .milliseconds(2)

  /// The identity of a debug port that answers, and whose core is out of reset; nil for none.
  private func answer(of link: STLink) throws(DebugError) -> UInt32? {
    let identity: UInt32
    do throws(DebugError) {
      identity = try link.enter()
      guard identity != 0, identity != .max else { return nil }
    } catch {
      guard error.isOfTheTarget else { throw error }
      return nil
    }
    do throws(DebugError) {
      // Under reset a debug port answers, too; the sticky bit falls with the first read after it.
      if options.attachMode == .underReset { return identity }
      _ = try link.read(DHCSR.self)
      return try link.read(DHCSR.self)[.reset] ? nil : identity
    } catch {
      guard error.isOfTheTarget else { throw error }
      // One that sleeps is there: `Attach` knows how to reach it.
      return identity
    }
  }

  /// Says what an earlier debugging session has left; only looks.
  func warnOfRemains(_ link: STLink) throws(SessionError) {
    try SessionError.wrapping { () throws(DebugError) in
      do throws(DebugError) {
        let unit: DebugUnit
        if let held = custody.unit { unit = held } else { unit = try DebugUnit.observe(link) }
        if let warning = try DebuggerRemains.find(link, unit: unit).warning { observer(.warning(Advice(warning))) }
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
    if custody.unit == nil { try attachment.hold(&custody.unit) }
    if attachment.report.mode == .hotPlug {
      try custody.reads?.holdStill()
      if let device { try unswapBanks(link, device) }
    } else {
      try resetAndHalt(attachment.core)
      if custody.isFreshFromReset { try custody.unit?.takeOver(link) }
    }
    try noteEarlierResets(link)
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
            """
            whether the banks have changed places (BFB2) cannot be read while the program runs and SYSCFG has no clock: \
            what is read may be the other bank's
            """))
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
      warn: { [observer] in observer(.warning(Advice($0))) })
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
      try noteEarlierResets(attachment.link)
    }
    custody.hasBeenReset()
    if custody.flash == .changed { custody.flash = .asFound }
  }
}
