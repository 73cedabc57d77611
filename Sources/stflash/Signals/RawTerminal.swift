import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The terminal at standard input while every key of it goes to a simulated chip, and how it was before.
///
/// Whatever ends the program puts it back, but for SIGKILL: its own end, a signal that ends it at once, and a crash.
enum RawTerminal {
  /// Where a handler finds how the terminal was; it can reach nothing but a global.
  nonisolated(unsafe) private static let before = UnsafeMutablePointer<termios>.allocate(capacity: 1)
  private static let isRaw = Atomic<Bool>(false)
  /// What a crash comes as.
  private static let crashes = [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSEGV, SIGTRAP]

  /// Lets every key through, Ctrl-C too; false where standard input is no terminal.
  static func begin() -> Bool {
    var settings = termios()
    guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &settings) == 0 else { return false }
    before.initialize(to: settings)
    isRaw.store(true, ordering: .releasing)
    atexit { RawTerminal.end() }
    for crash in crashes {
      signal(crash) { number in
        RawTerminal.end()
        // As it would have been without a word of ours.
        signal(number, SIG_DFL)
        raise(number)
      }
    }
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
    settings.c_iflag &= ~tcflag_t(IXON | ICRNL)
    return tcsetattr(STDIN_FILENO, TCSANOW, &settings) == 0
  }

  /// Puts the terminal back; by calls that a signal handler may make, and as often as one likes.
  static func end() {
    guard isRaw.exchange(false, ordering: .acquiringAndReleasing) else { return }
    // Without this, a program in the background would be stopped by the call instead of ended.
    _ = signal(SIGTTOU, SIG_IGN)
    tcsetattr(STDIN_FILENO, TCSANOW, before)
  }
}
