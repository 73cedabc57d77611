public import LinkInterface

/// How to open a probe.
public struct STLinkOptions: Sendable {
  /// The SWD clock to set.
  public var clock: ClockChoice
  /// A request to stop that is looked at before every command; nil where nobody can ask.
  ///
  /// It is reported once, as `DebugError.interrupted`. Commands after that run: they are the clean-up.
  public var interruption: Interruption?

  /// Makes options; without arguments the probe's standard clock and nobody who could interrupt.
  public init(clock: ClockChoice = .standard, interruption: Interruption? = nil) {
    self.clock = clock
    self.interruption = interruption
  }
}
