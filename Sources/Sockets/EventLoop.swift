package import LinkInterface

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What can be waited for on a descriptor (poll(2)).
package struct PollEvents: OptionSet, Sendable {
  /// Poll's bits.
  package let rawValue: Int16

  /// Takes over poll's own bits.
  package init(rawValue: Int16) {
    self.rawValue = rawValue
  }

  /// There is something to read, or a connection to accept, or the other side has gone.
  package static let readable = PollEvents(rawValue: Int16(POLLIN))
  /// There is room to write.
  package static let writable = PollEvents(rawValue: Int16(POLLOUT))
}

/// Something that an event loop serves: the listening socket and the connections of one carrier.
package protocol EventSource: AnyObject {
  /// The descriptors to watch and what to watch them for; asked for again in every turn.
  var interests: [Int32: PollEvents] { get }

  /// How long the loop may sleep at the most before it calls `elapse`; nil when only descriptors matter.
  var patience: Duration? { get }

  /// Called when a descriptor of `interests` is ready, broken or closed by the other side.
  func handle(_ events: PollEvents, on descriptor: Int32)

  /// Called once in every turn, after the descriptors.
  func elapse()
}

/// The one thread that serves all carriers and owns the simulation.
///
/// Everything happens in turns of poll(2) on the thread that calls `run`, so that no two clients can ever be inside the
/// simulation at the same time.
package final class EventLoop {
  /// How soon a request to stop is noticed at the latest: a signal may come just before the loop goes to sleep.
  package static let longestSleep: Duration = .milliseconds(100)

  private let interruption: Interruption
  private var sources: [any EventSource] = []

  /// Makes a loop.
  ///
  /// - Parameter interruption: ends `run` when it is requested.
  package init(interruption: Interruption) {
    self.interruption = interruption
  }

  /// Adds something to serve.
  package func add(_ source: any EventSource) {
    sources.append(source)
  }

  /// Serves until the interruption is requested, or until a condition holds after a turn.
  package func run(until isDone: () -> Bool = { false }) {
    while !interruption.isRequested && !isDone() { turn() }
  }

  /// Waits for one set of events and serves them.
  ///
  /// - Parameter limit: how long to wait when nothing happens.
  package func turn(atMost limit: Duration = EventLoop.longestSleep) {
    var owners: [Int32: any EventSource] = [:]
    var entries: [pollfd] = []
    var sleep = limit
    for source in sources {
      for (descriptor, events) in source.interests {
        owners[descriptor] = source
        entries.append(pollfd(fd: descriptor, events: events.rawValue, revents: 0))
      }
      sleep = min(sleep, source.patience ?? sleep)
    }
    // Rounded up: a loop that wakes just before its time would turn idly until it comes.
    let count = poll(&entries, nfds_t(entries.count), Int32(clamping: max(sleep, .zero).roundedUpMilliseconds))
    if count > 0 {
      for entry in entries where entry.revents != 0 {
        owners[entry.fd]?.handle(PollEvents(rawValue: entry.revents), on: entry.fd)
      }
    }
    for source in sources { source.elapse() }
  }
}

extension Duration {
  /// Whole milliseconds, cut.
  package var milliseconds: Int64 {
    components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
  }

  /// Whole milliseconds, rounded up.
  package var roundedUpMilliseconds: Int64 {
    (self + .nanoseconds(999_999)).milliseconds
  }
}
