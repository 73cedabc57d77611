/// What is to happen to a part at times to come.
struct Appointments {
  private var entries: [(time: UInt64, action: () -> Void)] = []

  /// The time of the first; nil where there is none.
  var next: UInt64? { entries.first?.time }

  /// Lets something happen to a part at a time, after what is to happen at the same time already; the part is not kept.
  mutating func add<Part: AnyObject>(at time: UInt64, to part: Part, _ action: @escaping (Part) -> Void) {
    let position = entries.firstIndex { $0.time > time } ?? entries.endIndex
    entries.insert((time, { [unowned part] in action(part) }), at: position)
  }

  /// Takes the first one whose time has come; nil where there is none.
  mutating func takeDue(at now: UInt64) -> (() -> Void)? {
    guard let first = entries.first, first.time <= now else { return nil }
    return entries.removeFirst().action
  }
}
