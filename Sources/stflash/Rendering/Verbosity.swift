/// How much a run tells on stderr.
enum Verbosity: Int, Comparable {
  /// Errors only.
  case quiet
  /// Progress, warnings and errors.
  case normal
  /// Also what is done on the way.
  case verbose
  /// Also every USB transfer.
  case trace

  static func < (first: Verbosity, second: Verbosity) -> Bool { first.rawValue < second.rawValue }
}
