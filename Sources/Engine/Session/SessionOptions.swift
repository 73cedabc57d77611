public import LinkInterface

/// How a session with a target is to be opened and run.
public struct SessionOptions: Sendable {
  /// How to get hold of the target.
  public var attachMode: AttachMode
  /// How long to wait for a target that does not answer yet; zero does not wait.
  public var patience: Duration
  /// The SWD clock.
  public var clock: ClockChoice
  /// What the user says about the chip where the chip is not to be trusted.
  public var device: DeviceOverride
  /// The width of erasing and programming that the user asks for; nil leaves it to the supply.
  public var parallelism: Parallelism?
  /// Whether the user says that 7 to 9 V are on the VPP pin.
  public var hasProgrammingVoltage: Bool
  /// The supply in millivolts as the user says; nil takes what the probe measures.
  public var millivolts: Int?
  /// Whether the flash is programmed by a loader in the target's RAM where that can run.
  public var usesLoader: Bool
  /// Whether a flash that holds data without a vector table in front of them is told of when the chip is reached.
  public var surveysFlash: Bool
  /// A request to stop; nil where nobody can ask.
  public var interruption: Interruption?

  /// Makes options; the defaults believe the chip and the probe.
  public init(
    attachMode: AttachMode = .automatic, patience: Duration = .zero, clock: ClockChoice = .standard,
    device: DeviceOverride = DeviceOverride(),
    parallelism: Parallelism? = nil, hasProgrammingVoltage: Bool = false, millivolts: Int? = nil,
    usesLoader: Bool = true, surveysFlash: Bool = true, interruption: Interruption? = nil
  ) {
    self.attachMode = attachMode
    self.patience = patience
    self.clock = clock
    self.device = device
    self.parallelism = parallelism
    self.hasProgrammingVoltage = hasProgrammingVoltage
    self.millivolts = millivolts
    self.usesLoader = usesLoader
    self.surveysFlash = surveysFlash
    self.interruption = interruption
  }
}

/// An area of a chip that can be read by name.
public enum MemoryArea: String, Sendable, CaseIterable {
  /// The main flash.
  case main
  /// The ROM bootloader.
  case system
  /// The one-time programmable bytes and their lock bytes.
  case otp
  /// The option bytes.
  case option
  /// The option bytes of bank 2.
  case optionOfBank2
  /// The RAM from 0x2000_0000 on.
  case ram
  /// The core-coupled memory.
  case ccm
}
