import Synchronization

/// A request to stop that a signal handler or another thread makes and the engine looks at between transfers.
///
/// Nothing is torn down by it: whoever runs an operation notices, brings the target and the probe into a stated
/// condition, and only then stops.
public final class Interruption: Sendable {
  private let requested = Atomic<Bool>(false)

  /// Makes one that nobody has requested yet.
  public init() {}

  /// Asks the running operation to stop at its next safe point.
  ///
  /// Safe to call from a signal handler's thread.
  public func request() {
    requested.store(true, ordering: .releasing)
  }

  /// Whether somebody has asked to stop.
  public var isRequested: Bool {
    requested.load(ordering: .acquiring)
  }
}
