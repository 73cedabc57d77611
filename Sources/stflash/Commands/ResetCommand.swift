import ArgumentParser
import Engine

/// `reset`: resets the chip and lets it run, or catches it before its first instruction.
struct ResetCommand: StflashCommand {
  static let configuration = CommandConfiguration(commandName: "reset", abstract: "Reset the chip and let it run.")

  @Flag(help: "Leave the core halted before its first instruction.")
  var halt = false

  @OptionGroup var session: SessionOptionGroup
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] { session.fileUses }

  func run(in context: CommandContext) throws(CommandFailure) {
    let run = TargetRun(options: session, leaving: halt ? .halted : .running, context: context)
    try run { bench throws(CommandFailure) in
      _ = try reporting { () throws(SessionError) in try bench.session.reset(halt ? .halt : .run) }
      return WorkResult(
        name: "reset",
        sentence: "reset \(bench.device.name), which now \(halt ? "is halted at its reset vector," : "runs,")",
        facts: [JSONMember("halted", .boolean(halt))],
        figures: bench.work.figures(isSimulated: bench.isSimulated))
    }
  }
}
