import Synchronization

/// A value that takes time to make, and is made when it is first asked for; copies share it.
final class MadeOnce<Value: Sendable>: Sendable {
  private let made: Mutex<Value?> = Mutex(nil)

  /// The value; made now where it is not there yet.
  func value(_ make: () -> sending Value) -> Value {
    made.withLock { made in
      if let made { return made }
      let value = make()
      made = value
      return value
    }
  }
}
