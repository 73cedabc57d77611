import ArgumentParser
import Basics
import Engine

/// `verify FILE [ADDR]`: compares the flash with a firmware.
struct VerifyCommand: TargetCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Compare the chip with a firmware.",
    discussion: """
      The chip sums its flash itself, in a piece of the RAM that is borrowed for that, and the firmware goes on where it \
      was; where that cannot be (DMA at work, --hot-plug), the flash is read and compared byte by byte. With --reset the \
      chip starts anew.
      """)

  @OptionGroup(title: "Verifying") var verifying: VerifyingOptions
  @OptionGroup var image: ImageOptions
  @OptionGroup(title: "Afterwards") var running: RunningOptions
  @OptionGroup(title: "Connection") var probe: ProbeOptions
  @OptionGroup(title: "Target") var target: TargetOptions
  @OptionGroup(title: "Simulator") var simulator: SimulatorOptions
  @OptionGroup(title: "Simulator") var world: SimulatedWorldOptions
  @OptionGroup(title: "Recording") var trace: TraceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] { image.fileUses + session.fileUses }

  func run(in context: CommandContext) throws(CommandFailure) {
    let firmware = try image.image(in: context)
    let run = TargetRun(options: session, running: running, context: context)
    try run { bench throws(CommandFailure) in
      context.reporter.report(.target(TargetFacts(device: bench.device, protection: bench.session.protection)))
      let part = try image.part(of: firmware, for: bench.device, context.reporter)
      let verify = { () throws(SessionError) in
        try bench.session.verify(part, with: image.parts, mayReset: verifying.reset)
        if verifying.reset { try bench.session.reset() }
      }
      try ImageOptions.explaining(verify, with: firmware)
      return WorkResult(
        name: "verified",
        sentence: "\(bench.device.name) holds \(image.name), "
          + "\(part.totalByteCount.inBytes) compared",
        facts: [
          JSONMember("file", .string(image.sources[0].path)), JSONMember("files", .strings(image.sources.map(\.path))),
          JSONMember("format", .string(firmware.format.rawValue)),
          JSONMember("comparedBytes", .integer(part.totalByteCount)),
        ],
        figures: bench.work.figures(isSimulated: bench.isSimulated))
    }
  }
}

/// What `verify` does beside comparing.
struct VerifyingOptions: ParsableArguments {
  @Flag(help: "Reset the chip in the end.")
  var reset = false
}
