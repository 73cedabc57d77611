import LinkInterface

/// The one clock of a simulation, in nanoseconds.
///
/// USB transactions, probe firmware, SWD bits and the host's own waits advance it; the chip behind the probe catches up
/// when somebody looks at it. It only moves forward and nothing else keeps time, so that the same commands give the
/// same times on every machine.
final class VirtualClock: LinkClock {
  /// Nanoseconds since the simulation began.
  private(set) var nanoseconds: UInt64 = 0

  /// Makes a clock at zero.
  init() {}

  /// The time since the simulation began.
  var now: Duration {
    .nanoseconds(Int64(clamping: nanoseconds))
  }

  /// Lets time pass without anything happening on the host's side.
  func wait(for duration: Duration) {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else { return }
    advance(by: UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds) / 1_000_000_000)
  }

  /// Moves the clock forward.
  func advance(by nanoseconds: UInt64) {
    self.nanoseconds += nanoseconds
  }

  /// Moves the clock forward to a time; a time in the past changes nothing.
  func advance(to nanoseconds: UInt64) {
    self.nanoseconds = max(self.nanoseconds, nanoseconds)
  }
}
