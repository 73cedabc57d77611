/// A connection over which a part tells others of an event, each time that it happens.
final class Signal<Value> {
  private var receivers: [(Value) -> Void] = []

  /// Connects an input of a part; the signal does not keep the part.
  func connect<Part: AnyObject>(to part: Part, _ input: @escaping (Part, Value) -> Void) {
    receivers.append { [unowned part] value in input(part, value) }
  }

  /// Tells every receiver, in the order in which they were connected.
  func send(_ value: Value) {
    for receiver in receivers { receiver(value) }
  }
}

extension Signal<Void> {
  /// Connects an input of a part to an event that says nothing but that it has happened.
  func connect<Part: AnyObject>(to part: Part, _ input: @escaping (Part) -> Void) {
    connect(to: part) { part, _ in input(part) }
  }

  /// Tells every receiver.
  func send() { send(()) }
}
