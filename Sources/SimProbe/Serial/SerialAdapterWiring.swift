public import LinkInterface

/// Which control lines of a serial adapter, or pins of the host, reach the pins that start the ROM bootloader; the data lines
/// always do.
///
/// An active line is low at the adapter's pin, and both are active while a program has the port open and has said nothing
/// else, as Linux opens it.
public struct SerialAdapterWiring: Sendable, Equatable {
  /// The line at BOOT0; nil for none.
  public var boot0: ControlLine?
  /// Whether a transistor turns the level of the line at BOOT0 around.
  public var isBoot0Inverted: Bool
  /// The line at NRST, which is low while it is active; nil for none.
  public var reset: ControlLine?
  /// The pin of the host at BOOT0, which has its level; nil for none.
  public var boot0Pin: Int?
  /// The pin of the host at NRST, which is low while it is low; nil for none.
  public var resetPin: Int?

  /// Makes a wiring.
  public init(
    boot0: ControlLine? = nil, reset: ControlLine? = nil, isBoot0Inverted: Bool = false, boot0Pin: Int? = nil,
    resetPin: Int? = nil
  ) {
    self.boot0Pin = boot0Pin
    self.resetPin = resetPin
    self.boot0 = boot0
    self.isBoot0Inverted = isBoot0Inverted
    self.reset = reset
  }
}
