import Logging

/// Writes log messages for `--verbose`, to stderr or as JSON: one line each, without time stamps, so that two runs can
/// be compared.
struct ConsoleLogHandler: LogHandler {
  /// Where the messages go.
  let show: @Sendable (Logger.Level, String) -> Void
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level

  /// Makes a handler that lets messages of a level and above through.
  init(logLevel: Logger.Level, show: @escaping @Sendable (Logger.Level, String) -> Void) {
    self.show = show
    self.logLevel = logLevel
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    let details = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    show(event.level, "\(event.message)\(details)")
  }
}

extension Logger {
  /// The logger of one run of the command line.
  static func console(_ messages: MessageStream, verbosity: Verbosity) -> Logger {
    logger(verbosity) { level, text in messages.print("\(level): \(text.printable)") }
  }

  /// The logger of one run that writes JSON: nothing is told beside the events.
  static func events(_ reporter: JSONReporter, verbosity: Verbosity) -> Logger {
    logger(verbosity) { level, text in
      switch level {
      case .trace: reporter.report(.transfer(text))
      case .debug, .info, .notice: reporter.report(.note(text))
      case .warning, .error, .critical: reporter.report(.warning(text))
      }
    }
  }

  private static func logger(
    _ verbosity: Verbosity, _ show: @escaping @Sendable (Logger.Level, String) -> Void
  ) -> Logger {
    var logger = Logger(label: "stflash") { _ in ConsoleLogHandler(logLevel: verbosity.logLevel, show: show) }
    logger.logLevel = verbosity.logLevel
    return logger
  }
}

/// How much a run tells on stderr.
enum Verbosity: Equatable {
  /// Errors only.
  case quiet
  /// Progress, warnings and errors.
  case normal
  /// Also what is done on the way.
  case verbose
  /// Also every USB transfer.
  case trace

  /// The lowest level that is logged.
  var logLevel: Logger.Level {
    switch self {
    case .quiet: .critical
    case .normal: .warning
    case .verbose: .info
    case .trace: .trace
    }
  }
}
