import ArgumentParser
import Engine
import ProbeInterface

/// `list`: the probes that can be used, without touching what is behind them.
struct ListCommand: StflashCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the probes; no target is touched.")

  @OptionGroup(title: "Simulator") var simulator: SimulatorOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run(in context: CommandContext) throws(CommandFailure) {
    var probes: [PluggedProbe] = []
    if let bench = try simulator.bench(in: context) {
      probes.append(PluggedProbe(simulated: bench.probe.identity))
      do throws(CommandFailure) {
        probes += try context.bus.list()
      } catch {
        // The simulated probe is there all the same: what is wrong with USB is not what was asked first.
        context.reporter.report(.warning(error.report.summary))
      }
    } else {
      probes = try context.bus.list()
    }
    context.reporter.report(.result(ProbeList(probes: probes)))
  }
}
