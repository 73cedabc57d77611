import ArgumentParser
import SimProbe

/// `sim`: the simulator itself.
struct SimCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sim", abstract: "The simulator, alone or for other programs.",
    subcommands: [
      SimListCommand.self, SimFaultsCommand.self, SimServeCommand.self, SimAttachCommand.self, SimRunCommand.self,
    ])
}

/// `sim list`: everything that can be simulated.
struct SimListCommand: StflashCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the boards, chips and probes that can be simulated.")

  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] { [] }

  func run(in context: CommandContext) throws(CommandFailure) {
    context.reporter.report(
      .result(
        SimulatorCatalogue(
          boards: Simulation.boards, chips: Simulation.chips, foreign: Simulation.foreignChips)))
  }
}
