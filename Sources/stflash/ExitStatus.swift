import Engine

/// What the process tells the shell; `docs/exit-codes.md` has the same table for users.
enum ExitStatus: Int32, CaseIterable {
  /// Done.
  case success = 0
  /// The command line cannot be carried out as it stands (EX_USAGE of sysexits.h).
  case usage = 64
  /// A file cannot be read or written, or does not hold what its format demands.
  case file = 65
  /// No probe is there, or more than one and no choice.
  case noProbe = 66
  /// The operating system does not let us open the probe.
  case permission = 67
  /// The probe does not do what it should.
  case probe = 68
  /// No target answers behind the probe, or not the one that is asked for.
  case noTarget = 69
  /// The target refuses because something in it is protected.
  case protected = 70
  /// Erasing or programming went wrong.
  case flash = 71
  /// The chip does not hold the bytes that it should.
  case verify = 72
  /// A replayed session parted from its recording.
  case trace = 73
  /// Something took longer than it may.
  case timeout = 74
  /// Stopped by the user or by a signal (128 + SIGINT).
  case interrupted = 130

  /// The status for a class of failures.
  init(_ category: FailureCategory) {
    switch category {
    case .usage: self = .usage
    case .file: self = .file
    case .noProbe: self = .noProbe
    case .permission: self = .permission
    case .probe: self = .probe
    case .noTarget: self = .noTarget
    case .protected: self = .protected
    case .flash: self = .flash
    case .verify: self = .verify
    case .trace: self = .trace
    case .timeout: self = .timeout
    case .interrupted: self = .interrupted
    }
  }

  /// The name in the documentation's table.
  var name: String { String(describing: self) }
}
