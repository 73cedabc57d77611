/// The class of a failure; each has an exit code of its own.
public enum FailureCategory: String, Sendable, CaseIterable {
  /// The command line cannot be carried out as it stands.
  case usage
  /// A file cannot be read or written, or does not hold what its format demands.
  case file
  /// No probe is there, or more than one and no choice.
  case noProbe
  /// The operating system does not let us open the probe.
  case permission
  /// The probe does not do what it should: transfers fail, wrong mode, too old.
  case probe
  /// The probe works and no target answers behind it, or not the one that is asked for.
  case noTarget
  /// The target refuses because something in it is protected.
  case protected
  /// Erasing or programming went wrong, or what the flash answers cannot be believed.
  case flash
  /// The chip does not hold the bytes that it should.
  case verify
  /// Everything was done, and the program does not run as was expected.
  case notRunning
  /// The program said a text that means failure.
  case saidFailure
  /// The program faulted, or the core locked up.
  case faulted
  /// The chip was reset while its program was being listened to.
  case wasReset
  /// The program stopped at a breakpoint, or something else halted the core.
  case stopped
  /// A replayed session parted from its recording.
  case trace
  /// Something took longer than it may.
  case timeout
  /// Somebody asked to stop.
  case interrupted
}
