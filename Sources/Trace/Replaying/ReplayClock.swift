import LinkInterface

/// The clock of a replay: it shows the recording's times, and what the program waits beyond them.
final class ReplayClock: LinkClock {
  private(set) var now: Duration = .zero

  func wait(for duration: Duration) {
    now += max(.zero, duration)
  }

  /// Moves forward to a recorded time; a time in the past changes nothing.
  func advance(to time: Duration) {
    now = max(now, time)
  }
}
