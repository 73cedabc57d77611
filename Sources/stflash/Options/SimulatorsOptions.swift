import ArgumentParser
import LinkServer
import SimProbe

/// Simulated probes with their targets, one or several, for other programs.
struct SimulatorsOptions: ParsableArguments {
  @OptionGroup(title: "Simulator") var targets: Targets
  @OptionGroup(title: "Simulator") var world: SimulatedWorldOptions
  @OptionGroup(title: "Recording") var recording: ServedRecordingOptions

  /// What is simulated.
  struct Targets: ParsableArguments {
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
  }

  private var sim: [String] { targets.sim }

  func validate() throws {
    if sim.isEmpty {
      throw ValidationError("Say what to simulate with --sim TARGET; 'stflash sim list' shows the choices.")
    }
    if targets.simProbe.count > 1 && targets.simProbe.count != sim.count {
      throw ValidationError("Give --sim-probe once for all, or once for each --sim.")
    }
    if targets.simState.count > sim.count {
      throw ValidationError("There are more --sim-state than --sim.")
    }
    if !world.simTty.isEmpty && sim.count > 1 {
      throw ValidationError("--sim-tty connects a serial port of one chip: give one --sim.")
    }
    if recording.record.count > sim.count {
      throw ValidationError("There are more --record than --sim.")
    }
  }

  /// The files that the options name.
  var fileUses: [FileUse] {
    sim.flatMap { SimulatorOptions.boardFile($0, "--sim") }
      + targets.simState.map { FileUse("--sim-state", $0, .updates) }
      + recording.record.map { FileUse("--record", $0, .writes) }
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
      if recording.record.indices.contains(index) {
        let recorded = try RecordedVirtualDevice(
          device, target: bench.simulatedTarget ?? target, to: recording.record[index],
          isRedacted: recording.recordRedact, in: context)
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
    let probe = targets.simProbe.count == sim.count ? targets.simProbe[index] : targets.simProbe.first
    configuration.probeProfile = probe ?? configuration.probeProfile
    configuration.probeNumber = UInt8(truncatingIfNeeded: index)
    world.apply(to: &configuration)
    let state = targets.simState.indices.contains(index) ? targets.simState[index] : nil
    let bench = try SimulatedBench(configuration, stateFile: state, in: context)
    try world.observe(bench, in: context, named: sim.count > 1 ? target : nil)
    return bench
  }
}
