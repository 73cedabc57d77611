import ArgumentParser
import ProbeServer
import SimProbe

/// Simulated probes with their targets, one or several, for other programs.
struct SimulatorsOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A simulated board or chip ('stflash sim list'); repeat it for several probes on one bus.",
      valueName: "target"))
  var sim: [String] = []

  @Option(
    help: ArgumentHelp(
      "The simulated probe ('stflash sim list'): once for all, or once for each --sim.", valueName: "probe"))
  var simProbe: [String] = []

  @Option(
    help: ArgumentHelp(
      "Keep what the simulated chip holds in this file; once for each --sim, in the same order.", valueName: "file"),
    completion: .file())
  var simState: [String] = []

  @Option(
    help: ArgumentHelp(
      "How fast the simulation runs: fast, or realtime, which answers no sooner than hardware.", valueName: "pace"))
  var simPace: SimulatorOptions.Pace = .fast

  @Option(
    help: ArgumentHelp("The simulated targets' supply, such as 3.3 or 1800mV.", valueName: "volts"),
    transform: Voltage.millivolts)
  var simVoltage: Int?

  @Flag(help: "The simulated targets have 7 to 9 V on their VPP pins.")
  var simVpp = false

  @Option(
    help: ArgumentHelp(
      "Break something on every simulated bench ('stflash sim faults'); repeat it for several faults.",
      valueName: "name[=arg][@when]"),
    transform: FaultArgument.fault)
  var simFault: [Fault] = []

  func validate() throws {
    if sim.isEmpty {
      throw ValidationError("Say what to simulate with --sim TARGET; 'stflash sim list' shows the choices.")
    }
    if simProbe.count > 1 && simProbe.count != sim.count {
      throw ValidationError("Give --sim-probe once for all, or once for each --sim.")
    }
    if simState.count > sim.count {
      throw ValidationError("There are more --sim-state than --sim.")
    }
  }

  /// Sets up the simulations.
  func benches(in context: CommandContext) throws(CommandFailure) -> [SimulatedBench] {
    var benches: [SimulatedBench] = []
    for (index, target) in sim.enumerated() {
      var configuration = SimulationConfiguration(target: target)
      configuration.probeProfile = simProbe.count == sim.count ? simProbe[index] : simProbe.first
      configuration.probeNumber = UInt8(truncatingIfNeeded: index)
      configuration.supplyMillivolts = simVoltage ?? configuration.supplyMillivolts
      configuration.hasProgrammingVoltage = simVpp
      configuration.faults = simFault
      let state = simState.indices.contains(index) ? simState[index] : nil
      benches.append(try SimulatedBench(configuration, stateFile: state, files: context.files, logger: context.logger))
    }
    return benches
  }

  /// The devices of the simulations, as carriers take them.
  func devices(of benches: [SimulatedBench]) -> [ServedDevice] {
    zip(sim, benches).map { name, bench in
      ServedDevice(
        bench.simulation.makeUSBPort(), name: name, pace: simPace == .realtime ? .realTime : .fast)
    }
  }
}
