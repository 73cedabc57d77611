import ArgumentParser
import SimProbe
import Trace

/// Who answers a replayed recording, and what is compared.
struct ReplayingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Who is to answer: sim: and a board or chip of 'stflash sim list', or a file NAME.board.",
      valueName: "sim:target"),
    transform: ReplayingOptions.target)
  var against: String

  @Option(
    help: ArgumentHelp(
      "The simulated probe; without it the recorded one, as far as the simulator has it.", valueName: "probe"))
  var simProbe: String?

  @Option(
    help: ArgumentHelp("What the simulated chip holds at the beginning; the file is not written.", valueName: "file"),
    completion: .file())
  var simState: String?

  @Option(
    help: ArgumentHelp(
      "Break something on the simulated bench ('stflash sim faults'), to see whether that explains a recording; may be "
        + "repeated.", valueName: "name[=arg][@when]"),
    transform: FaultArgument.fault)
  var simFault: [Fault] = []

  @Option(
    help: ArgumentHelp("Bytes that may differ, as for --replay-mask; may be repeated.", valueName: "rule"),
    transform: MaskOption.rule)
  var mask: [MaskRule] = []

  @Flag(help: "Compare every byte that the recording's own rules do not name.")
  var strict = false

  @Flag(help: "Show every difference.")
  var full = false

  /// The target behind "sim:".
  private static func target(_ text: String) throws -> String {
    guard text.hasPrefix("sim:"), text.count > 4 else {
      throw ValidationError("'\(text)' is not sim: and a board or chip, such as sim:nucleo-f207zg.")
    }
    return String(text.dropFirst(4))
  }
}
