import Basics

/// How often and how soon an access that ended in WAIT is tried again.
///
/// The probe itself repeats a waiting access at once and reports WAIT only after several in a row. On top of that we
/// wait as probe-rs does: 13 attempts, the pauses doubling from 100 microseconds, 0.41 seconds in all.
struct RetrySchedule: Sendable, Equatable {
  /// Attempts in all, the first included.
  var attempts: Int
  /// The pause before the second attempt; each further one is twice as long.
  var firstPause: Duration

  static let wait = RetrySchedule(attempts: 13, firstPause: .microseconds(100))

  /// One attempt, for who tries again by himself.
  static let once = RetrySchedule(attempts: 1, firstPause: .zero)

  /// The pause after an attempt (counted from 0) that ended in WAIT; nil when it was the last.
  func pause(after attempt: Int) -> Duration? {
    attempt + 1 < attempts ? firstPause * (1 << attempt) : nil
  }
}
