#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What a simulation waits for before it answers.
protocol SimulationPace: AnyObject {
  /// Returns when an answer may be given at this simulated time, counted from when the probe was opened.
  func wait(until simulated: Duration)
}

/// Makes a simulation answer no sooner than hardware would: real time is never behind the simulation's.
final class RealTimePace: SimulationPace {
  private let start = ContinuousClock.now
  private let sleep: (Duration) -> Void

  /// Makes a pace that begins now.
  convenience init() {
    self.init(sleep: RealTimePace.sleepThread)
  }

  /// Makes a pace that waits by another means.
  init(sleep: @escaping (Duration) -> Void) {
    self.sleep = sleep
  }

  /// Returns when this much real time has passed since the pace began.
  func wait(until simulated: Duration) {
    let ahead = simulated - (ContinuousClock.now - start)
    if ahead > .zero { sleep(ahead) }
  }

  /// Puts the calling thread to sleep.
  private static func sleepThread(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    var request = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    var rest = timespec()
    // A signal ends the sleep early and leaves the rest of it.
    while nanosleep(&request, &rest) == -1, errno == EINTR {
      request = rest
    }
  }
}
