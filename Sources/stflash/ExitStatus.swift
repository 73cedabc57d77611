import Engine
import Failures

/// What the process tells the shell; `docs/exit-codes.md` has the same table for users.
struct ExitStatus: RawRepresentable, Hashable {
  /// The number for the shell.
  let rawValue: Int32

  /// Done.
  static var success: ExitStatus { ExitStatus(rawValue: 0) }
  /// The command line cannot be carried out as it stands (EX_USAGE of sysexits.h).
  static var usage: ExitStatus { ExitStatus(rawValue: 64) }
  /// A file cannot be read or written, or does not hold what its format demands.
  static var file: ExitStatus { ExitStatus(rawValue: 65) }
  /// No probe is there, or more than one and no choice.
  static var noProbe: ExitStatus { ExitStatus(rawValue: 66) }
  /// The operating system does not let us open the probe.
  static var permission: ExitStatus { ExitStatus(rawValue: 67) }
  /// The probe does not do what it should.
  static var probe: ExitStatus { ExitStatus(rawValue: 68) }
  /// No target answers behind the probe, or not the one that is asked for.
  static var noTarget: ExitStatus { ExitStatus(rawValue: 69) }
  /// The target refuses because something in it is protected.
  static var protected: ExitStatus { ExitStatus(rawValue: 70) }
  /// Erasing or programming went wrong, or what the flash answers cannot be believed.
  static var flash: ExitStatus { ExitStatus(rawValue: 71) }
  /// The chip does not hold the bytes that it should.
  static var verify: ExitStatus { ExitStatus(rawValue: 72) }
  /// A replayed session parted from its recording.
  static var trace: ExitStatus { ExitStatus(rawValue: 73) }
  /// Something took longer than it may.
  static var timeout: ExitStatus { ExitStatus(rawValue: 74) }
  /// Everything was done, and the program does not run as was expected.
  static var notRunning: ExitStatus { ExitStatus(rawValue: 75) }
  /// The program said a text that means failure.
  static var saidFailure: ExitStatus { ExitStatus(rawValue: 76) }
  /// The program faulted, or the core locked up.
  static var faulted: ExitStatus { ExitStatus(rawValue: 77) }
  /// The chip was reset while its program was being listened to.
  static var wasReset: ExitStatus { ExitStatus(rawValue: 78) }
  /// The program stopped at a breakpoint, or something else halted the core.
  static var stopped: ExitStatus { ExitStatus(rawValue: 79) }
  /// Stopped by the user or by a signal (128 + SIGINT).
  static var interrupted: ExitStatus { ExitStatus(rawValue: 130) }

  /// The statuses of this program itself, with their names in the documentation's table.
  static let named: [(status: ExitStatus, name: String)] = [
    (success, "success"), (usage, "usage"), (file, "file"), (noProbe, "noProbe"), (permission, "permission"),
    (probe, "probe"), (noTarget, "noTarget"), (protected, "protected"), (flash, "flash"), (verify, "verify"),
    (trace, "trace"), (timeout, "timeout"), (notRunning, "notRunning"),
    (saidFailure, "saidFailure"), (faulted, "faulted"), (wasReset, "wasReset"), (stopped, "stopped"),
    (interrupted, "interrupted"),
  ]

  /// Takes over a number, such as that of a program which was run.
  init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  /// The status for a class of failures.
  init(_ category: FailureCategory) {
    self =
      switch category {
      case .usage: .usage
      case .file: .file
      case .noProbe: .noProbe
      case .permission: .permission
      case .probe: .probe
      case .noTarget: .noTarget
      case .protected: .protected
      case .flash: .flash
      case .verify: .verify
      case .notRunning: .notRunning
      case .saidFailure: .saidFailure
      case .faulted: .faulted
      case .wasReset: .wasReset
      case .stopped: .stopped
      case .trace: .trace
      case .timeout: .timeout
      case .interrupted: .interrupted
      }
  }

  /// The name in the documentation's table; that of a program's own status is "tool".
  var name: String {
    ExitStatus.named.first { $0.status == self }?.name ?? "tool"
  }
}
