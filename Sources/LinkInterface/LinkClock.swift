/// A probe's time: real on USB, virtual in the simulator, taken from the recording in a replay.
public protocol LinkClock: AnyObject {
  /// The time since an origin that is fixed for the life of the clock; never decreases.
  var now: Duration { get }

  /// Returns when `duration` has passed; at once for zero or less.
  func wait(for duration: Duration)
}

extension LinkClock {
  /// The deadline that lies `limit` after now.
  public func deadline(after limit: Duration) -> Deadline {
    Deadline(time: now + limit)
  }

  /// Whether a deadline lies in the past.
  public func hasPassed(_ deadline: Deadline) -> Bool {
    now >= deadline.time
  }

  /// The time left to a deadline, never less than zero.
  public func remaining(to deadline: Deadline) -> Duration {
    max(.zero, deadline.time - now)
  }
}

/// A point on a probe's clock by which something must have finished.
public struct Deadline: Sendable, Hashable {
  /// The time on the clock that the deadline was made with.
  public var time: Duration

  /// Makes a deadline at a time on a probe's clock.
  public init(time: Duration) {
    self.time = time
  }
}
