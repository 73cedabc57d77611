import Logging

/// Writes log messages to stderr for `--verbose`: one line each, without time stamps, so that two runs can be compared.
struct ConsoleLogHandler: LogHandler {
  /// Where the lines go.
  let messages: MessageStream
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level

  /// Makes a handler that lets messages of a level and above through.
  init(messages: MessageStream, logLevel: Logger.Level) {
    self.messages = messages
    self.logLevel = logLevel
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    let details = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    messages.print("\(event.level): \(event.message)\(details)")
  }
}

extension Logger {
  /// The logger of one run of the command line.
  static func console(_ messages: MessageStream, verbosity: Verbosity) -> Logger {
    var logger = Logger(label: "stflash") { _ in
      ConsoleLogHandler(messages: messages, logLevel: verbosity.logLevel)
    }
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
