/// A line from one part to others: one part drives it high or low, and its receivers hear of every change.
final class Line {
  /// The level.
  private(set) var isHigh = false
  private var receivers: [(Bool) -> Void] = []

  /// Connects an input of a part; the line does not keep the part.
  func connect<Part: AnyObject>(to part: Part, _ input: @escaping (Part, _ isHigh: Bool) -> Void) {
    receivers.append { [unowned part] level in input(part, level) }
  }

  /// Sets the level.
  func drive(_ isHigh: Bool) {
    guard isHigh != self.isHigh else { return }
    self.isHigh = isHigh
    for receiver in receivers { receiver(isHigh) }
  }
}
