/// What to simulate.
public struct SimulationConfiguration: Sendable, Equatable {
  /// A chip ("stm32f207zg", or a whole order code) or a board ("nucleo-f207zg"), in any case.
  public var target: String
  /// Parts of the board that differ from the target's, or come on top.
  public var boardParts: [BoardPart] = []
  /// The probe: one of `STLinkProfile.names` or a product id in four hexadecimal digits, with a firmware version behind a
  /// colon where that matters ("v2", "v2-1:V2J33M25", "3754"); nil for the board's own.
  public var probeProfile: String?
  /// Which of several probes on one bus this is, from 0; it goes into the serial number.
  public var probeNumber: UInt8 = 0
  /// What an earlier simulation of the same chip saved; nil for a blank chip.
  public var state: [UInt8]?
  /// The option bytes of a chip without a saved state, where they differ from the factory's.
  public var options: [OptionSetting] = []
  /// How long the board has been on when the first command comes.
  public var onTime: Duration = .zero
  /// What the BOOT pins choose; read protection level 2 boots from the flash all the same.
  public var bootMemory = BootMemory.flash
  /// The target's supply in millivolts, at the most 3600; below about 1700 the chip is off.
  public var supplyMillivolts = 3300
  /// Whether 7 to 9 V are at the VPP pin, for programming 64 bits at once.
  public var hasProgrammingVoltage = false
  /// Decides everything that chance decides on silicon; the same seed gives the same simulation.
  public var seed: UInt64 = 1
  /// Whether flash operations take the data sheet's maximum times instead of typical ones.
  public var isSlowPart = false
  /// Whether the part's erase times lie between 85 % and 110 % of the usual ones, by seed.
  public var spreadsEraseTimes = false
  /// Whether FLASH_SR shows the flags of a stray write after reset, as parts with running firmware often do.
  public var startsWithStrayFlags = false
  /// What is broken, in the order in which it breaks.
  public var faults: [Fault] = []
  /// Which control lines of a serial adapter are wired.
  public var serialWiring = SerialAdapterWiring()
  /// Whether the probe answers no sooner than a real one would.
  public var keepsRealTime = false

  /// A healthy board or chip at 3.3 V.
  public init(target: String) {
    self.target = target
  }
}
