import ArgumentParser
import LinkServer
import SimProbe

/// Simulated probes with their targets, one or several, for other programs.
struct SimulatorsOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A simulated board or chip ('stflash sim list'), or a file NAME.board that describes one; repeat it for several "
        + "probes on one bus.",
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

  @OptionGroup var world: SimulatedWorldOptions

  @Option(
    help: ArgumentHelp(
      "Record the USB traffic of the probe into this file; once for each --sim, in the same order.",
      valueName: "file"),
    completion: .file())
  var record: [String] = []

  @Flag(help: "Leave serial numbers and file names out of the recordings.")
  var recordRedact = false

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
    if record.count > sim.count {
      throw ValidationError("There are more --record than --sim.")
    }
    if recordRedact && record.isEmpty {
      throw ValidationError("--record-redact needs --record FILE.")
    }
  }

  /// The files that the options name.
  var fileUses: [FileUse] {
    sim.flatMap { SimulatorOptions.boardFile($0, "--sim") } + simState.map { FileUse("--sim-state", $0, .updates) }
      + record.map { FileUse("--record", $0, .writes) }
  }

  /// Sets up the simulations, as carriers take them.
  ///
  /// - Parameter forKernel: whether a kernel will bind its own drivers to them.
  func served(in context: CommandContext, forKernel: Bool = false) throws(CommandFailure) -> ServedBenches {
    var served = ServedBenches()
    for (index, target) in sim.enumerated() {
      let bench = try bench(target, at: index, in: context)
      var device: any VirtualDevice = bench.simulation.makeUSBPort()
      if forKernel { device = DebugInterfaceDevice(device) }
      var recorder: RecordedVirtualDevice?
      if record.indices.contains(index) {
        let recorded = try RecordedVirtualDevice(
          device, target: bench.simulatedTarget ?? target, to: record[index], isRedacted: recordRedact, in: context)
        device = recorded
        recorder = recorded
      }
      let log = ClientLog(bench.simulation, target: target, reporter: context.reporter)
      device = WatchedVirtualDevice(device, observer: log.take)
      let pace: ServingPace = world.simPace == .realtime ? .realTime : .fast
      served.add(ServedDevice(device, name: target, pace: pace), on: bench, loggedBy: log, recordedBy: recorder)
    }
    return served
  }

  private func bench(
    _ target: String, at index: Int, in context: CommandContext
  ) throws(CommandFailure) -> SimulatedBench {
    var configuration = try SimulationConfiguration(named: target, files: context.files)
    let probe = simProbe.count == sim.count ? simProbe[index] : simProbe.first
    configuration.probeProfile = probe ?? configuration.probeProfile
    configuration.probeNumber = UInt8(truncatingIfNeeded: index)
    world.apply(to: &configuration)
    let state = simState.indices.contains(index) ? simState[index] : nil
    let bench = try SimulatedBench(configuration, stateFile: state, in: context)
    world.observe(bench, in: context, named: sim.count > 1 ? target : nil)
    return bench
  }
}
