/// What is to be received over SWO.
public struct SWOOptions: Sendable, Equatable {
  /// The rate in baud that is aimed at; the nearest one that HCLK and the receiver allow is used.
  public var baud: Int
  /// HCLK in hertz as the program sets it, where it is known: it is neither read nor watched then.
  public var clockHertz: Int?
  /// What oscillates at OSC_IN in hertz; nil where it is to be found out.
  public var crystalHertz: Int?
  /// The stimulus ports that are switched on, by their bits.
  public var ports: UInt32
  /// Whether entries into exceptions and returns are traced.
  public var tracesExceptions: Bool
  /// Whether the program counter is sampled, as often as half of the line carries.
  public var samplesProgramCounter: Bool
  /// Whether local timestamps are sent.
  public var hasTimestamps: Bool

  /// Text and whatever else the program writes to its ports, at 2 Mbaud.
  public init(
    baud: Int = 2_000_000, clockHertz: Int? = nil, crystalHertz: Int? = nil, ports: UInt32 = .max,
    tracesExceptions: Bool = false, samplesProgramCounter: Bool = false, hasTimestamps: Bool = false
  ) {
    self.baud = baud
    self.clockHertz = clockHertz
    self.crystalHertz = crystalHertz
    self.ports = ports
    self.tracesExceptions = tracesExceptions
    self.samplesProgramCounter = samplesProgramCounter
    self.hasTimestamps = hasTimestamps
  }
}
