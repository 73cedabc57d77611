import LinkInterface

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The processor's time that this process has had: what computing costs, however busy the machine is.
package final class ComputingClock: LinkClock {
  /// Makes a clock.
  package init() {}

  /// The time of all threads since the process began.
  package var now: Duration {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  /// Does nothing: only computing moves this clock.
  package func wait(for duration: Duration) {}
}
