import LinkInterface

@testable import stflash

/// Runs whole command lines in this process and keeps what they print.
struct CommandLineBench {
  /// The probes; none unless a test puts some in.
  var bus: any ProbeBus = StandInBus()
  /// The files' system calls.
  var files = FileSystem()
  /// The terminal on stderr; none unless a test wants one.
  var terminal: Console.Terminal?
  /// The columns of the terminal on stdout; none unless a test wants one.
  var outputColumns: (@Sendable () -> Int)?
  /// An error number with which every write to stdout fails.
  var outputFailure: Int32?
  /// The request to stop.
  var interruption = Interruption()
  /// Is told what goes to stdout, while the command runs.
  var outputObserver: @Sendable (String) -> Void = { _ in }

  /// What a command line printed, and its exit code.
  struct Outcome: Equatable {
    var status: ExitStatus
    var output: String
    var error: String
    /// Both, in the order in which a terminal shows them.
    var screen: String

    init(status: ExitStatus, output: String, error: String, screen: String? = nil) {
      self.status = status
      self.output = output
      self.error = error
      self.screen = screen ?? output + error
    }
  }

  /// Runs a command line.
  func run(_ arguments: [String]) -> Outcome {
    let screen = BufferSink()
    let output = BufferSink(failure: outputFailure) { [outputObserver] text in
      screen.write(text)
      outputObserver(text)
    }
    let error = BufferSink { screen.write($0) }
    let application = Application(
      console: Console(output: output, error: error, terminal: terminal, outputColumns: outputColumns),
      files: files, bus: bus,
      interruption: interruption)
    let status = application.run(arguments)
    return Outcome(status: status, output: output.text, error: error.text, screen: screen.text)
  }

  /// Runs a command line that has no spaces inside its arguments.
  func run(_ line: String) -> Outcome {
    run(line.split(separator: " ").map(String.init))
  }
}
