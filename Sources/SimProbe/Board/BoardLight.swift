/// A light-emitting diode of a board, which a pin of the chip switches.
struct BoardLight: Equatable, Sendable {
  /// What is printed beside it.
  let name: String
  /// The pin.
  let pin: PinName
  /// Whether it shines while the pin is high.
  let isLitHigh: Bool

  /// A light by its pin's name without the P: "D12".
  init(_ name: String, at pin: Substring, isLitHigh: Bool = true) {
    self.init(name, PinName(pin), isLitHigh: isLitHigh)
  }

  init(_ name: String, _ pin: PinName, isLitHigh: Bool) {
    self.name = name
    self.pin = pin
    self.isLitHigh = isLitHigh
  }
}

/// A resistor on a board that holds a pin at a level while nobody drives it.
struct BoardPull: Equatable, Sendable {
  let pin: PinName
  /// Whether it leads to the supply and not to ground.
  let isHigh: Bool
}
