import Failures

// The RAM loader: one a session, owned here.
extension TargetSession {
  /// How the flash will be programmed, as far as can be told before the loader has been tried.
  var programmingMethod: ProgrammingMethod {
    guard let device, options.usesLoader, custody.attachment?.report.mode != .hotPlug,
      let memory = LoaderMemory(
        code: device.die.family.loader, ramByteCount: device.contiguousRAMByteCount)
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
      let loader = try Loader.start(
        link, code: device.die.family.loader, ramByteCount: device.contiguousRAMByteCount)
      custody.standing = .inLoader(loader)
      return loader
    } catch {
      if case .target(let cause) = error, !cause.isOfTheTarget {
        throw FlashError.access(cause, during: "starting the RAM loader")
      }
      custody.loaderRefusal = error
      let text: Advice = "the flash is programmed through the debug port, which is slower: \(error.reason)"
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
}
