import ArgumentParser
import Engine

/// `attach [FILE]`: shows what a running program says, without writing or resetting anything.
struct AttachCommand: TargetCommand, ProgramRunningCommand {
  static let configuration = CommandConfiguration(
    commandName: "attach", abstract: "Show what the running program says, and end with its exit code.",
    discussion: """
      Nothing is written, and the chip is not reset. The file is the program that runs, for its symbols; without one RTT is \
      looked for in the RAM (docs/running.md).
      """)

  @Argument(
    help: "The program that runs, for its symbols (ELF).", completion: .file(extensions: ["elf", "axf", "out"]))
  var file: String?

  @OptionGroup(title: "Listening") var listening: ListeningOptions
  @OptionGroup(title: "Ending") var ending: EndingOptions
  @OptionGroup(title: "Connection") var probe: ProbeOptions
  @OptionGroup(title: "Target") var target: TargetOptions
  @OptionGroup(title: "Simulator") var simulator: SimulatorOptions
  @OptionGroup(title: "Simulator") var world: SimulatedWorldOptions
  @OptionGroup(title: "Recording") var trace: TraceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] {
    (file.map { [FileUse("FILE", $0, .reads)] } ?? []) + listening.fileUses + session.fileUses
  }

  func validate() throws {
    try session.validate()
    if probe.port != nil || probe.dfu {
      throw ValidationError("A bootloader cannot listen to a program: 'attach' needs a probe.")
    }
  }

  func runProgram(in context: CommandContext) throws(CommandFailure) -> ExitStatus {
    let listener = try ProgramListener(
      listening, ending, startsAnew: false, program: [file].compactMap(\.self), in: context)
    let run = TargetRun(options: session, usualMode: .hotPlug, surveysFlash: false, context: context)
    try run { bench throws(CommandFailure) in
      try listener.run(try bench.debugSession(to: "listen to a program"), bench)
    }
    return listener.status
  }
}
