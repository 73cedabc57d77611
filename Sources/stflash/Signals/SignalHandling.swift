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
/// through, at the price of a chip and a probe in mid-work.
enum SignalHandling {
  /// What the handlers request; a handler can reach nothing but a global.
  static let interruption = Interruption()
  private static let servesOthers = Atomic<Bool>(false)

  /// Installs the handlers, and ignores SIGPIPE, so that a closed pipe ends the output but never the flash work.
  static func install() {
    // Makes the global now: a handler must not be the first to touch it.
    _ = interruption.isRequested
    _ = servesOthers.load(ordering: .relaxed)
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

  private static let firstWarning: StaticString =
    "\nstflash: stopping at the next safe point; once more ends it at once and leaves the chip as it is\n"
  private static let lastWarning: StaticString =
    "\nstflash: ended at once: flash controller, core and probe are left as they were; unplug the probe before use\n"

  private static let lastServingWarning: StaticString =
    "\nstflash: ended at once: what the simulated chips hold was not saved\n"

  private static func requestStop() {
    let isServing = servesOthers.load(ordering: .acquiring)
    guard SignalHandling.interruption.isRequested else {
      SignalHandling.interruption.request()
      return isServing ? () : warn(firstWarning)
    }
    warn(isServing ? lastServingWarning : lastWarning)
    _exit(ExitStatus.interrupted.rawValue)
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
