import ArgumentParser

/// A command of ours: it is handed the world that it works in, instead of reaching for it.
protocol StflashCommand: ParsableCommand {
  /// How much is told, and in which form.
  var output: OutputOptions { get }

  /// The files that the command line names, each with what the command does with it.
  var fileUses: [FileUse] { get }

  /// Carries the command out.
  func run(in context: CommandContext) throws(CommandFailure)
}

/// A command that runs another program and ends as that program does.
protocol ProgramRunningCommand: StflashCommand {
  /// Carries the command out and returns the program's exit status.
  func runProgram(in context: CommandContext) throws(CommandFailure) -> ExitStatus
}

extension ProgramRunningCommand {
  /// Carries the command out for a caller whom the program's exit status does not concern.
  func run(in context: CommandContext) throws(CommandFailure) {
    _ = try runProgram(in: context)
  }
}
