import LinkInterface
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Turns SIGINT, SIGTERM and SIGHUP into a request to stop that the engine sees between two transfers.
///
/// A second signal ends the process at once, after a warning: the user's way out when the first one does not get
/// through, at the price of a chip and a probe in mid-work. Two that come together are one request: GNU timeout sends
/// one to the process and one to its group.
enum SignalHandling {
  /// What the handlers request; a handler can reach nothing but a global.
  static let interruption = Interruption()
  private static let servesOthers = Atomic<Bool>(false)
  private static let holdsNothing = Atomic<Bool>(false)
  /// When the first signal came, in nanoseconds of the monotonic clock.
  private static let firstRequest = Atomic<Int64>(0)
  /// How long after the first signal another one is the same request; nobody presses a key twice so fast.
  private static let oneRequest: Int64 = 250_000_000

  /// Installs the handlers, and ignores SIGPIPE, so that a closed pipe ends the output but never the flash work.
  static func install() {
    // Makes the global now: a handler must not be the first to touch it.
    _ = interruption.isRequested
    _ = servesOthers.load(ordering: .relaxed)
    _ = holdsNothing.load(ordering: .relaxed)
    _ = firstRequest.load(ordering: .relaxed)
    handle(SIGINT) { _ in SignalHandling.requestStop() }
    handle(SIGTERM) { _ in SignalHandling.requestStop() }
    handle(SIGHUP) { _ in SignalHandling.requestStop() }
    signal(SIGPIPE, SIG_IGN)
  }

  /// From now on there is no flash work of this program's own: the first signal is the usual way to end it, and needs
  /// no warning.
  static func beginServing() {
    servesOthers.store(true, ordering: .releasing)
  }

  /// From now on what is typed at the terminal to interrupt is meant for the program that has started this one.
  static func leaveKeyboardToOthers() {
    signal(SIGINT, SIG_IGN)
  }

  /// Whether other programs are served.
  static var isServing: Bool { servesOthers.load(ordering: .acquiring) }

  /// From now on no probe and no chip is held, and no file is half written: the first signal ends the process at once.
  static func endAtOnce() {
    holdsNothing.store(true, ordering: .releasing)
  }

  private static let firstWarning: StaticString =
    "\nstflash: stopping at the next safe point; once more ends it at once and leaves the chip as it is\n"
  private static let lastWarning: StaticString =
    "\nstflash: ended at once: flash controller, core and probe are left as they were; unplug the probe before use\n"

  private static let lastServingWarning: StaticString =
    "\nstflash: ended at once: what the simulated chips hold was not saved\n"

  private static func requestStop() {
    // What was interrupted may be about to look at the error number of its own.
    let number = errno
    defer { errno = number }
    if holdsNothing.load(ordering: .acquiring) { endNow() }
    guard SignalHandling.interruption.isRequested else {
      firstRequest.store(nanoseconds, ordering: .releasing)
      SignalHandling.interruption.request()
      return isServing ? () : warn(firstWarning)
    }
    guard nanoseconds - firstRequest.load(ordering: .acquiring) > oneRequest else { return }
    warn(isServing ? lastServingWarning : lastWarning)
    endNow()
  }

  private static func endNow() -> Never {
    RawTerminal.end()
    _exit(ExitStatus.interrupted.rawValue)
  }

  /// The monotonic clock, by a call that a signal handler may make.
  private static var nanoseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// Writes to stderr with nothing but write(2), which a signal handler may call.
  private static func warn(_ text: StaticString) {
    _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }

  private static func handle(_ signal: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    #if canImport(Glibc)
    action.__sigaction_handler.sa_handler = handler
    #else
    action.__sigaction_u.__sa_handler = handler
    #endif
    // Interrupted calls go on by themselves: the engine looks at the request when it is safe.
    action.sa_flags = SA_RESTART
    sigaction(signal, &action, nil)
  }
}
