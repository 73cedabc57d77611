import LinkInterface

/// A clock that only moves when somebody waits on it or a fake library lets time pass.
final class FakeClock: LinkClock {
  private(set) var now: Duration = .seconds(100)

  func wait(for duration: Duration) {
    now += max(.zero, duration)
  }
}
