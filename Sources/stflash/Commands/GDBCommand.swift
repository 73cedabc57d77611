import ArgumentParser
import Engine
import Failures
import LinkServer

/// `gdb [FILE]`: a debug server for GDB, on a chip behind a probe.
struct GDBCommand: TargetCommand {
  static let configuration = CommandConfiguration(
    commandName: "gdb", abstract: "Serve GDB: load, breakpoints, watchpoints, what the program says.",
    discussion: """
      GDB connects with target extended-remote :3333, or starts the server itself with \
      target extended-remote | stflash gdb --stdio. With a file, what differs of it is written first, and the chip waits for \
      GDB at its reset vector; without one its program runs until GDB connects. 'monitor help' in GDB shows what it can do \
      beside GDB's own commands (docs/debugging.md).
      """)

  @Argument(
    help: ArgumentHelp("The firmware to write first; its symbols explain faults."),
    completion: .file(extensions: ImageFormat.allCases.flatMap(\.extensions) + ["out"]))
  var file: String?

  @OptionGroup(title: "Debugging") var debugging: DebuggingOptions
  @OptionGroup(title: "Connection") var connection: DebugProbeOptions
  @OptionGroup(title: "Target") var target: TargetOptions
  @OptionGroup(title: "Simulator") var simulator: SimulatorOptions
  @OptionGroup(title: "Simulator") var world: SimulatedWorldOptions
  @OptionGroup(title: "Recording") var trace: TraceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var probe: ProbeOptions { connection.choices }

  var fileUses: [FileUse] {
    (file.map { [FileUse("FILE", ImageOptions.Source($0).path, .reads)] } ?? []) + session.fileUses
      + (debugging.stdio ? [FileUse("--stdio", FileSystem.standardStream, .writes)] : [])
  }

  func run(in context: CommandContext) throws(CommandFailure) {
    let firmware = try file.map { (file) throws(CommandFailure) in try image(file, context) }
    let run = TargetRun(options: session, usualMode: .automatic, surveysFlash: false, context: context)
    try run { bench throws(CommandFailure) in
      context.reporter.report(.target(TargetFacts(device: bench.device, protection: bench.session.protection)))
      let session = try bench.debugSession(to: "debug a program")
      return try DebugServing(debugging, file: file, firmware: firmware, in: context).serve(session)
    }
  }

  private func image(_ file: String, _ context: CommandContext) throws(CommandFailure) -> FirmwareImage {
    let options: ImageOptions
    do {
      options = try ImageOptions.parse([file])
    } catch {
      throw .usage("\(file) is no file to write")
    }
    return try options.image(in: context, expectsProgram: true)
  }
}
