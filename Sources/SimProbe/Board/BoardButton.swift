/// A push button of a board: it connects a pin to the supply or to ground, and a resistor holds the pin at the other level
/// while nobody presses it.
struct BoardButton: Equatable, Sendable {
  /// What is printed beside it.
  let name: String
  /// The pin's port, from A on, and its number there.
  let port: Int
  let pin: Int
  /// Whether the pin is high while the button is pressed.
  let isHighWhenPressed: Bool

  /// A button by its pin's name: "C13".
  init(_ name: String, at pin: String, isHighWhenPressed: Bool) {
    self.name = name
    port = pin.utf8.first.map { Int($0) - Int(UInt8(ascii: "A")) } ?? 0
    self.pin = Int(pin.dropFirst()) ?? 0
    self.isHighWhenPressed = isHighWhenPressed
  }
}
