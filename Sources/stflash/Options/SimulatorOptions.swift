import ArgumentParser
import Engine
import SimProbe

/// A simulated probe and target instead of plugged-in ones.
struct SimulatorOptions: ParsableArguments {
  @Option(
    name: .customLong("sim"),
    help: ArgumentHelp(
      "Work on a simulated board or chip, such as nucleo-f207zg or stm32f407vg ('stflash sim list'), or on what a "
        + "file NAME.board describes.",
      valueName: "target"))
  var targets: [String] = []

  /// The simulated target; nil where none was asked for.
  var sim: String? { targets.first }

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

  /// Refuses what makes no sense together.
  func validate(with world: SimulatedWorldOptions) throws {
    if targets.count > 1 {
      throw ValidationError("--sim is given \(targets.count) times, and one target is worked on: name one.")
    }
    if sim == nil && !(simProbe == nil && simState == nil && world.isUsual) {
      throw ValidationError("The --sim-... options need --sim TARGET.")
    }
  }

  /// The files that the options name.
  var fileUses: [FileUse] {
    (sim.map { Self.boardFile($0, "--sim") } ?? []) + (simState.map { [FileUse("--sim-state", $0, .updates)] } ?? [])
  }

  /// The board file that a target's name means, if it means one.
  static func boardFile(_ target: String, _ role: String) -> [FileUse] {
    target.hasSuffix(BoardFile.suffix) ? [FileUse(role, target, .reads)] : []
  }

  /// Sets up the simulation that the options ask for; nil where they ask for none.
  func bench(
    in world: SimulatedWorldOptions, _ context: CommandContext
  ) throws(CommandFailure) -> SimulatedBench? {
    guard let sim else { return nil }
    var configuration = try SimulationConfiguration(named: sim, files: context.files)
    configuration.probeProfile = simProbe ?? configuration.probeProfile
    world.apply(to: &configuration)
    configuration.keepsRealTime = world.simPace == .realtime
    let bench = try SimulatedBench(configuration, stateFile: simState, in: context)
    try world.observe(bench, in: context)
    return bench
  }
}
