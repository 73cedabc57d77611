import LinkInterface

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The real time of a USB session, which neither time servers nor users move (CLOCK_MONOTONIC on Linux).
///
/// It stands still while the machine sleeps, as the transfers do.
package final class MonotonicClock: LinkClock {
  private let origin = SuspendingClock.now

  /// Makes a clock that starts at zero.
  package init() {}

  /// The time since this clock was made.
  package var now: Duration {
    origin.duration(to: SuspendingClock.now)
  }

  /// Sleeps for `duration`, and sleeps on where a signal cuts the sleep short.
  package func wait(for duration: Duration) {
    let end = now + duration
    var left = duration
    while left > .zero {
      // usleep need not take a second or more (POSIX.1-2001); rounded up, so that the last sleep reaches the end.
      let slice = min(left, .milliseconds(500)).components
      usleep(UInt32(slice.attoseconds / 1_000_000_000_000) + 1)
      left = end - now
    }
  }
}
