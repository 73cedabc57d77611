import ArgumentParser
import LinkInterface
import SimProbe

/// What surrounds simulated chips, the same for one that a command works on and for those that other programs use.
struct SimulatedWorldOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How fast the simulation runs: fast, or realtime as hardware would.", valueName: "pace"))
  var simPace: Pace = .fast

  @Option(
    help: ArgumentHelp("The simulated target's supply, such as 3.3 or 1800mV.", valueName: "volts"),
    transform: Voltage.millivolts)
  var simVoltage: Int?

  @Option(
    help: ArgumentHelp(
      "What the simulated board's BOOT pins start: flash, system (the ROM bootloader) or sram.", valueName: "memory"),
    transform: BootMemory.named)
  var simBoot: BootMemory = .flash

  @Option(
    help: ArgumentHelp(
      "How RTS and DTR of the adapter at --port sim are wired to BOOT0 and NRST: rts-boot0 or dtr-boot0, with -inverted "
        + "where a transistor turns BOOT0 around, or gpio (the host's GPIO 23 at BOOT0, 24 at NRST); neither is wired "
        + "if nothing is said.", valueName: "wiring"))
  var simAdapter: AdapterWiring?

  @Flag(help: "The simulated target has 7 to 9 V on its VPP pin.")
  var simVpp = false

  @Option(
    help: ArgumentHelp(
      "Break something ('stflash sim faults'), from the start or at a moment; repeat it for several faults.",
      valueName: "name[=arg][@when]"),
    transform: FaultArgument.fault)
  var simFault: [Fault] = []

  @Option(
    help: ArgumentHelp(
      "An option byte of the simulated chip as it comes, by the manuals' names: RDP=1, BOR_LEV=0, WDG_SW=0, BFB2=1, "
        + "WRP=0,5-8, PCROP=2, OPTCR=0x0FFFAAED; repeat it for several. A chip with a state keeps its own.",
      valueName: "name=value"),
    transform: OptionSettingArgument.setting)
  var simOption: [OptionSetting] = []

  @Option(
    help: ArgumentHelp(
      "How long the simulated board has been on when the command begins, such as 3s: its firmware has run so long.",
      valueName: "time"),
    transform: SimulatedTime.duration)
  var simOnFor: Duration?

  @Flag(
    help: ArgumentHelp(
      "Show what the simulated chip's serial ports send, let it run on for two seconds after the command, and say "
        + "what it does then."))
  var simConsole = false

  @Option(
    help: ArgumentHelp(
      "How long the simulated chip runs on after the command, in simulated time, such as 10s or 500ms.",
      valueName: "time"),
    transform: SimulatedTime.duration)
  var simRun: Duration?

  @Option(
    help: ArgumentHelp(
      "Connect a serial port of the simulated chip, the probe's COM port unless PORT says another (USART2=PATH), to a "
        + "pseudo-terminal at PATH, or to this command's own input and output (-). The chip runs on until Ctrl-C, or for "
        + "as long as --sim-run says.",
      valueName: "[port=]path"),
    transform: SerialPortChoice.init)
  var simTty: [SerialPortChoice] = []

  @Flag(
    help: ArgumentHelp(
      "Plug a USB cable into the simulated chip's own socket: the device that its firmware is there (OTG FS)."))
  var chipUsb = false

  /// How long the chip runs on with `--sim-console` alone.
  private static let usualRun = Duration.seconds(2)

  /// How fast a simulation runs.
  enum Pace: String, ExpressibleByArgument, CaseIterable {
    case fast
    case realtime
  }

  /// How a serial adapter's control lines are wired.
  enum AdapterWiring: String, ExpressibleByArgument, CaseIterable {
    case rtsBoot0 = "rts-boot0"
    case dtrBoot0 = "dtr-boot0"
    case rtsBoot0Inverted = "rts-boot0-inverted"
    case dtrBoot0Inverted = "dtr-boot0-inverted"
    case gpio

    /// The simulator's word for it.
    var wiring: SerialAdapterWiring {
      switch self {
      case .rtsBoot0: SerialAdapterWiring(boot0: .rts, reset: .dtr)
      case .dtrBoot0: SerialAdapterWiring(boot0: .dtr, reset: .rts)
      case .rtsBoot0Inverted: SerialAdapterWiring(boot0: .rts, reset: .dtr, isBoot0Inverted: true)
      case .dtrBoot0Inverted: SerialAdapterWiring(boot0: .dtr, reset: .rts, isBoot0Inverted: true)
      case .gpio: SerialAdapterWiring(boot0Pin: 23, resetPin: 24)
      }
    }
  }

  /// Whether the simulated board's bootloader is started, or may be by an adapter or pins that are wired for it.
  var startsBootloader: Bool { simBoot == .system || simAdapter != nil }

  /// Whether nothing was asked for.
  var isUsual: Bool {
    simPace == .fast && simVoltage == nil && simAdapter == nil && simBoot == .flash && !simVpp && simFault.isEmpty
      && !simConsole && !chipUsb
      && simRun == nil && simTty.isEmpty && simOption.isEmpty && simOnFor == nil
  }

  /// Puts what was asked for into a simulation's configuration, over what a board file says.
  func apply(to configuration: inout SimulationConfiguration) {
    configuration.supplyMillivolts = simVoltage ?? configuration.supplyMillivolts
    configuration.bootMemory = simBoot
    configuration.hasProgrammingVoltage = simVpp
    configuration.serialWiring = simAdapter?.wiring ?? configuration.serialWiring
    configuration.faults += simFault
    configuration.options += simOption
    configuration.onTime = simOnFor ?? configuration.onTime
  }

  /// Has a bench show its serial ports and run on, where that was asked for.
  ///
  /// - Parameter name: what tells it from other benches; nil where there is only one.
  func observe(
    _ bench: SimulatedBench, in context: CommandContext, named name: String? = nil
  ) throws(CommandFailure) {
    bench.name = name
    if simConsole { bench.showSerialOutput(to: context.reporter) }
    bench.furtherRun = simRun ?? (simConsole && simTty.isEmpty ? Self.usualRun : nil)
    for choice in simTty { try bench.connect(choice, in: context) }
  }
}

extension BootMemory {
  /// The memory that an argument names.
  fileprivate static func named(_ text: String) throws -> BootMemory {
    guard let memory = BootMemory(rawValue: text) else {
      let choices = allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("\"\(text)\" is nothing to boot from; there are \(choices).")
    }
    return memory
  }
}
