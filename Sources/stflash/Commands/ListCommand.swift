import ArgumentParser
import Engine
import Failures
import LinkInterface
import SimProbe
import Trace

/// `list`: the probes that can be used, without touching what is behind them.
struct ListCommand: StflashCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the probes, the chips' bootloaders on USB and the serial adapters; no target is touched.")

  @OptionGroup(title: "Simulator") var simulator: SimulatorOptions
  @OptionGroup(title: "Simulator") var world: SimulatedWorldOptions
  @OptionGroup(title: "Recording") var trace: TraceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] { simulator.fileUses + trace.fileUses }

  func validate() throws {
    try simulator.validate(with: world)
    if trace.replay != nil && simulator.sim != nil {
      throw ValidationError("--replay excludes --sim: the recorded probe is listed.")
    }
  }

  func run(in context: CommandContext) throws(CommandFailure) {
    guard let standIn = try standIn(in: context) else {
      let probes = try context.bus.list()
      if let file = trace.record { try record(probes, to: file, in: context) }
      return context.reporter.report(
        .result(
          ProbeList(
            probes: probes, dfuDevices: try context.bus.listDFU() + (try Self.runtimes(in: context)),
            ports: context.bus.listPorts())))
    }
    let opened = try trace.decorating(standIn, in: context)
    try ProbeRun(opened: opened, context: context).callAsFunction { () throws(CommandFailure) in
      var probes = [PluggedProbe(standIn: opened)]
      var dfuDevices: [PluggedProbe] = []
      if let bench = standIn as? SimulatedBench, world.simBoot == .system, let device = bench.simulation.openBoardUSB()
      {
        dfuDevices.append(PluggedProbe(standIn: SimulatedBoardUSB(bench: bench, probe: device)))
      }
      if trace.replay == nil {
        do throws(CommandFailure) {
          probes += try context.bus.list()
          dfuDevices += try context.bus.listDFU() + Self.runtimes(in: context)
        } catch {
          // The simulated probe is there all the same: what is wrong with USB is not what was asked first.
          context.reporter.report(.warning(error.report.summary))
        }
      }
      opened.probe.close()
      return ProbeRun.Outcome(result: ProbeList(probes: probes, dfuDevices: dfuDevices))
    }
  }

  /// The devices whose program has a DFU interface.
  private static func runtimes(in context: CommandContext) throws(CommandFailure) -> [PluggedProbe] {
    try context.bus.listDFURuntimes().map { device in
      var device = device
      device.obstacle = device.obstacle ?? "runs its program, which --dfu --detach asks to make way"
      return device
    }
  }

  /// The recorded or the simulated probe; nil where those on USB are meant.
  private func standIn(in context: CommandContext) throws(CommandFailure) -> (any OpenedProbe)? {
    guard let file = trace.replay else { return try simulator.bench(in: world, context) }
    // A listing asks a probe for nothing, so that the rest of a session is no difference.
    return try ReplayedProbe(file, .lenient, masks: trace.replayMask, in: context)
  }

  /// Records the descriptors of all probes that can be opened, each in a section of its own.
  private func record(
    _ probes: [PluggedProbe], to path: String, in context: CommandContext
  ) throws(CommandFailure) {
    let file = try RecordingFile(path, files: context.files)
    for location in probes.filter({ $0.obstacle == nil }).compactMap(\.location) {
      do throws(CommandFailure) {
        let options = RecordingFile.options(isRedacted: trace.recordRedact, simulatedTarget: nil, in: context)
        let plugged = PluggedOpenedProbe(probe: try context.bus.open(matching: location))
        let probe = LoggedProbe.wrapping(plugged, in: context).probe
        Recorder(probe, options: options, sink: file.append).close()
      } catch {
        context.reporter.report(.warning("not recorded: \(error.report.summary)"))
      }
    }
    try file.finish()
  }
}
