import ArgumentParser
import Engine

/// `reset`: resets the chip and lets it run, or catches it before its first instruction.
struct ResetCommand: TargetCommand {
  static let configuration = CommandConfiguration(commandName: "reset", abstract: "Reset the chip and let it run.")

  @OptionGroup(title: "Resetting") var resetting: ResettingOptions
  @OptionGroup(title: "Afterwards") var running: RunningOptions
  @OptionGroup(title: "Connection") var probe: ProbeOptions
  @OptionGroup(title: "Target") var target: TargetOptions
  @OptionGroup(title: "Simulator") var simulator: SimulatorOptions
  @OptionGroup(title: "Simulator") var world: SimulatedWorldOptions
  @OptionGroup(title: "Recording") var trace: TraceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] { session.fileUses }

  func validate() throws {
    try session.validate()
    if resetting.halt && running.expectRunning {
      throw ValidationError("--halt keeps the program from running, which --expect-running asks for.")
    }
  }

  func run(in context: CommandContext) throws(CommandFailure) {
    let run = TargetRun(
      options: session, leaving: resetting.halt ? .halted : .running, running: running, context: context)
    try run { bench throws(CommandFailure) in
      let halt = resetting.halt
      _ = try reporting { () throws(SessionError) in try bench.session.reset() }
      return WorkResult(
        name: "reset",
        sentence: "reset \(bench.device.name)\(halt ? ", which now is halted at its reset vector," : "")",
        sentenceIfRunning: halt ? nil : "reset \(bench.device.name), which now runs,",
        facts: [JSONMember("halted", .boolean(halt))],
        figures: bench.work.figures(isSimulated: bench.isSimulated))
    }
  }
}

/// How `reset` leaves the core.
struct ResettingOptions: ParsableArguments {
  @Flag(help: "Leave the core halted before its first instruction.")
  var halt = false
}
