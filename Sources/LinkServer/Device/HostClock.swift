import LinkInterface

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The time that the programs outside of the simulation live in.
package final class HostClock: LinkClock {
  private let origin = ContinuousClock.now

  /// Makes a clock at zero.
  package init() {}

  /// The time since the clock was made.
  package var now: Duration { origin.duration(to: .now) }

  /// Sleeps.
  package func wait(for duration: Duration) {
    guard duration > .zero else { return }
    var request = timespec(
      tv_sec: Int(duration.components.seconds), tv_nsec: Int(duration.components.attoseconds / 1_000_000_000))
    var rest = timespec()
    while nanosleep(&request, &rest) != 0 && errno == EINTR { request = rest }
  }
}
