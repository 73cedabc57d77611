import Failures

// A loader in a program that goes on afterwards.
extension TargetSession {
  /// Works with a loader that borrows the core of a halted program, where one can come and pays; without one elsewhere.
  ///
  /// The program finds everything as it was, on every way out. Where the guest fails in its work, the work is done again
  /// without it.
  ///
  /// - Parameter byteCount: how much the loader is to look through.
  func withGuest<Result>(
    _ link: STLink, byteCount: Int, _ body: (Loader?) throws(FlashError) -> Result
  ) throws(FlashError) -> Result {
    guard let guest = try guest(link, byteCount: byteCount) else { return try body(nil) }
    let result: Result
    do throws(FlashError) {
      result = try body(guest.loader)
    } catch {
      try seeOff(guest)
      guard error.mayBeOfTheGuest else { throw error }
      observer(.note("the loader that was to look through the flash has failed: \(error.report.summary)"))
      return try body(nil)
    }
    try seeOff(guest)
    return result
  }

  /// Looks whether the core stands in a loader that a session has left which broke off: the program is gone then.
  func lookForLoader(_ link: STLink) throws(SessionError) {
    guard case .inProgram = custody.standing, attachReport?.mode != .hotPlug, let unit = custody.unit, unit.hadDebugger
    else { return }
    let isLoader = try SessionError.wrapping { () throws(DebugError) in
      do throws(DebugError) {
        return try LoaderGuest.standsInLoader(link)
      } catch {
        guard error.isOfTheTarget else { throw error }
        return false
      }
    }
    guard isLoader else { return }
    custody.standing = .afterLoader
    observer(.warning("a session that broke off has left its loader in the RAM: the program begins anew by a reset"))
  }

  private func guest(_ link: STLink, byteCount: Int) throws(FlashError) -> LoaderGuest? {
    guard let device, options.usesLoader, byteCount >= LoaderGuest.worthwhileByteCount,
      attachReport?.mode != .hotPlug, case .inProgram = custody.standing, custody.unit != nil, !custody.isTaken
    else { return nil }
    let arrival: LoaderGuest.Arrival
    do throws(LoaderGuest.Failure) {
      arrival = try LoaderGuest.enter(
        link, code: device.die.family.loader, ramByteCount: device.contiguousRAMByteCount)
    } catch {
      try take(error)
      return nil
    }
    switch arrival {
    case .guest(let guest): return guest
    case .refused(.target(let error)) where !error.isOfTheTarget:
      throw FlashError.access(error, during: "looking at the program")
    case .refused(let refusal):
      observer(.note("the flash is read over the link, which is slower: \(refusal.reason)"))
      return nil
    }
  }

  private func seeOff(_ guest: LoaderGuest) throws(FlashError) {
    do throws(LoaderGuest.Failure) {
      try guest.leave()
    } catch {
      try take(error)
    }
  }

  /// What is left of the program when a guest has not put everything back: it can only begin anew.
  private func take(_ failure: LoaderGuest.Failure) throws(FlashError) {
    let action = "putting back what the program had in its RAM"
    if case .interrupted = failure { throw FlashError(.interrupted(during: action)) }
    custody.standing = .lost
    switch failure {
    case .access(let error) where !error.isOfTheTarget: throw FlashError.access(error, during: action)
    case .ended:
      observer(.warning("the chip was reset while its flash was looked through: its program begins anew"))
    case .memory, .access, .interrupted:
      observer(.warning("what the program had in its RAM could not be put back: it begins anew"))
    }
  }
}

extension FlashError {
  /// Whether the loader may be to blame, and not the flash or the link.
  fileprivate var mayBeOfTheGuest: Bool {
    switch cause {
    case .mismatch, .checksum, .interrupted: false
    case .access(let error, _): error.isOfTheTarget
    default: true
    }
  }
}
