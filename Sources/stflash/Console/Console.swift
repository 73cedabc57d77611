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
  /// The columns of the terminal that `output` goes to; nil for a file or a pipe.
  var outputColumns: (@Sendable () -> Int)?

  /// What a display on a terminal may use.
  struct Terminal: Sendable {
    /// The number of columns, asked anew each time because the window may have changed.
    let columns: @Sendable () -> Int
    /// Whether colours may be used (no `NO_COLOR`; see no-color.org).
    let usesColour: Bool
  }

  /// A console that leaves standard output to a file and tells everything on the error side.
  init(errorOnly console: Console) {
    self.init(
      output: console.error, error: console.error, terminal: console.terminal, outputColumns: console.terminal?.columns)
  }

  /// Makes a console of two streams.
  init(
    output: any TextSink, error: any TextSink, terminal: Terminal?, outputColumns: (@Sendable () -> Int)? = nil
  ) {
    self.output = output
    self.error = error
    self.terminal = terminal
    self.outputColumns = outputColumns
  }

  /// Prints lines of results, broken where a terminal shows them.
  func printResult(_ text: String) {
    output.write((outputColumns.map { LineWrapping.wrap(text, to: $0()) } ?? text) + "\n")
  }

  /// Prints lines of a message, broken where a terminal shows them.
  func printMessage(_ text: String) {
    error.write(inLines(text) + "\n")
  }

  /// A message in the lines that fit the terminal.
  func inLines(_ text: String) -> String {
    terminal.map { LineWrapping.wrap(text, to: $0.columns()) } ?? text
  }

  /// The console of this process.
  static func process() -> Console {
    let isTerminal = isatty(STDERR_FILENO) == 1 && ![nil, "", "dumb"].contains(variable("TERM"))
    let terminal = Terminal(columns: { columns(of: STDERR_FILENO) }, usesColour: (variable("NO_COLOR") ?? "").isEmpty)
    var outputColumns: (@Sendable () -> Int)?
    if isatty(STDOUT_FILENO) == 1 { outputColumns = { columns(of: STDOUT_FILENO) } }
    return Console(
      output: sink(STDOUT_FILENO), error: sink(STDERR_FILENO),
      terminal: isTerminal ? terminal : nil,
      outputColumns: outputColumns)
  }

  private static func sink(_ descriptor: Int32) -> DescriptorSink {
    DescriptorSink(descriptor: descriptor, interruption: SignalHandling.interruption) { SignalHandling.isServing }
  }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// The width of a terminal; 80 where it does not tell.
  private static func columns(of descriptor: Int32) -> Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
