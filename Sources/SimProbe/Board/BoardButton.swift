/// A push button of a board: it connects a pin to the supply or to ground, and a resistor, where there is one, holds the
/// pin at the other level while nobody presses it.
struct BoardButton: Equatable, Sendable {
  /// What is printed beside it.
  let name: String
  /// The pin's port, from A on, and its number there.
  let port: Int
  let pin: Int
  /// Whether the pin is high while the button is pressed.
  let isHighWhenPressed: Bool
  /// Whether the board has a resistor there; else the pin floats, unless firmware pulls it.
  let hasResistor: Bool

  /// A button by its pin's name: "C13".
  init(_ name: String, at pin: String, isHighWhenPressed: Bool, hasResistor: Bool = true) {
    self.init(name, PinName(pin[...]), isHighWhenPressed: isHighWhenPressed, hasResistor: hasResistor)
  }

  init(_ name: String, _ pin: PinName, isHighWhenPressed: Bool, hasResistor: Bool = true) {
    self.name = name
    (port, self.pin) = (pin.port, pin.number)
    self.isHighWhenPressed = isHighWhenPressed
    self.hasResistor = hasResistor
  }
}
