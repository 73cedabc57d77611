import ArgumentParser

/// `list`: the probes that can be used, without touching what is behind them.
struct ListCommand: StflashCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the probes; no target is touched.")

  @OptionGroup(title: "Output") var output: OutputOptions

  func run(in context: CommandContext) throws(CommandFailure) {
    context.reporter.report(.result(ProbeList(probes: try context.bus.list())))
  }
}
