import ArgumentParser
import Engine
import SimProbe

/// A simulated probe and target instead of plugged-in ones.
struct SimulatorOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Work on a simulated board or chip, such as nucleo-f207zg or stm32f407vg ('stflash sim list'), or on what a "
        + "file NAME.board describes.",
      valueName: "target"))
  var sim: String?

  @Option(
    help: ArgumentHelp(
      "The simulated probe: v2, v2-1, v3 or another of 'stflash sim list', with a firmware if it matters "
        + "(v2-1:V2J33M25).", valueName: "probe"))
  var simProbe: String?

  @Option(
    help: ArgumentHelp(
      "Keep what the simulated chip holds in this file: read before, written after.", valueName: "file"),
    completion: .file())
  var simState: String?

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

  @Flag(help: "The simulated target has 7 to 9 V on its VPP pin.")
  var simVpp = false

  @Option(
    help: ArgumentHelp(
      "Break something ('stflash sim faults'), from the start or at a moment; repeat it for several faults.",
      valueName: "name[=arg][@when]"),
    transform: FaultArgument.fault)
  var simFault: [Fault] = []

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

  /// How long the chip runs on with `--sim-console` alone.
  private static let usualRun = Duration.seconds(2)

  /// How fast a simulation runs.
  enum Pace: String, ExpressibleByArgument, CaseIterable {
    case fast
    case realtime
  }

  func validate() throws {
    let asksForMore =
      simProbe != nil || simState != nil || simPace != .fast || simVoltage != nil || simVpp
      || simBoot != .flash
      || !simFault.isEmpty || simConsole || simRun != nil
    if sim == nil && asksForMore {
      throw ValidationError("The --sim-... options need --sim TARGET.")
    }
  }

  /// Sets up the simulation that the options ask for; nil where they ask for none.
  func bench(in context: CommandContext) throws(CommandFailure) -> SimulatedBench? {
    guard let sim else { return nil }
    var configuration = try SimulationConfiguration(named: sim, files: context.files)
    configuration.probeProfile = simProbe ?? configuration.probeProfile
    configuration.supplyMillivolts = simVoltage ?? configuration.supplyMillivolts
    configuration.bootMemory = simBoot
    configuration.hasProgrammingVoltage = simVpp
    configuration.faults += simFault
    configuration.keepsRealTime = simPace == .realtime
    let bench = try SimulatedBench(configuration, stateFile: simState, files: context.files, logger: context.logger)
    if simConsole { bench.showSerialOutput(to: context.reporter) }
    bench.furtherRun = simRun ?? (simConsole ? Self.usualRun : nil)
    return bench
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
