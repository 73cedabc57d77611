import ArgumentParser

/// A command of ours: it is handed the world that it works in, instead of reaching for it.
protocol StflashCommand: ParsableCommand {
  /// How much is told, and in which form.
  var output: OutputOptions { get }

  /// Carries the command out.
  func run(in context: CommandContext) throws(CommandFailure)
}
