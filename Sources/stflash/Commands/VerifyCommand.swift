import ArgumentParser
import Basics
import Engine

/// `verify FILE [ADDR]`: compares the flash with a firmware.
struct VerifyCommand: StflashCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Compare the chip with a firmware.",
    discussion: """
      The flash is read and compared byte by byte, and the firmware goes on where it was. With --reset the chip sums its \
      flash itself, which takes a fraction of the time, and starts anew.
      """)

  @OptionGroup var image: ImageOptions

  @Flag(help: "Reset the chip in the end.")
  var reset = false

  @OptionGroup var session: SessionOptionGroup
  @OptionGroup(title: "Output") var output: OutputOptions

  func run(in context: CommandContext) throws(CommandFailure) {
    let firmware = try image.image(from: context.files)
    let run = TargetRun(options: session, context: context)
    try run { bench throws(CommandFailure) in
      context.reporter.report(.target(TargetFacts(device: bench.device, protection: bench.session.protection)))
      try reporting { () throws(SessionError) in
        try bench.session.verify(firmware, mayReset: reset)
        if reset { try bench.session.reset(.run) }
      }
      return WorkResult(
        name: "verified",
        sentence: "\(bench.device.name) holds \(FileSystem.name(of: image.file)), "
          + "\(firmware.totalByteCount.grouped) bytes compared",
        facts: [
          JSONMember("file", .string(image.file)), JSONMember("format", .string(firmware.format.rawValue)),
          JSONMember("comparedBytes", .integer(firmware.totalByteCount)),
        ],
        figures: bench.work.figures(isSimulated: bench.isSimulated))
    }
  }
}
