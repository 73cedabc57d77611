import ArgumentParser
import Engine
import Failures

/// `info`: the chip, and what leads to it.
struct InfoCommand: TargetCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Show the chip, and the probe or the port that leads to it.",
    discussion: "The chip is only looked at: it is neither halted nor reset, unless an option says so.")

  @OptionGroup(title: "Connection") var probe: ProbeOptions
  @OptionGroup(title: "Target") var target: TargetOptions
  @OptionGroup(title: "Simulator") var simulator: SimulatorOptions
  @OptionGroup(title: "Simulator") var world: SimulatedWorldOptions
  @OptionGroup(title: "Recording") var trace: TraceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] { session.fileUses }

  func run(in context: CommandContext) throws(CommandFailure) {
    let run = TargetRun(options: session, usualMode: .hotPlug, announcesProbe: false, context: context)
    try run { bench throws(CommandFailure) in
      guard let link = bench.session.link else {
        throw CommandFailure(FailureReport(.probe, "the link has not been described"))
      }
      return InfoResult(
        link: link.facts(isSimulated: bench.isSimulated),
        target: TargetFacts(device: bench.device, protection: bench.session.protection))
    }
  }
}
