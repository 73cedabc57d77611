#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The two streams of the process and what is at the other end of them.
struct Console: Sendable {
  /// Results.
  let output: any TextSink
  /// Messages and progress.
  let error: any TextSink
  /// The terminal that `error` goes to; nil for a file or a pipe.
  let terminal: Terminal?

  /// What a display on a terminal may use.
  struct Terminal: Sendable {
    /// The number of columns, asked anew each time because the window may have changed.
    let columns: @Sendable () -> Int
    /// Whether colours may be used (no `NO_COLOR`; see no-color.org).
    let usesColour: Bool
  }

  /// A console that leaves standard output to a file and tells everything on the error side.
  init(errorOnly console: Console) {
    self.init(output: console.error, error: console.error, terminal: console.terminal)
  }

  /// Makes a console of two streams.
  init(output: any TextSink, error: any TextSink, terminal: Terminal?) {
    self.output = output
    self.error = error
    self.terminal = terminal
  }

  /// The console of this process.
  static func process() -> Console {
    let isTerminal = isatty(STDERR_FILENO) == 1 && ![nil, "", "dumb"].contains(variable("TERM"))
    let terminal = Terminal(columns: terminalColumns, usesColour: (variable("NO_COLOR") ?? "").isEmpty)
    return Console(
      output: sink(STDOUT_FILENO), error: sink(STDERR_FILENO),
      terminal: isTerminal ? terminal : nil)
  }

  private static func sink(_ descriptor: Int32) -> DescriptorSink {
    DescriptorSink(descriptor: descriptor, interruption: SignalHandling.interruption) { SignalHandling.isServing }
  }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// The width of the terminal; 80 where it does not tell.
  @Sendable private static func terminalColumns() -> Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
