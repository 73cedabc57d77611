import ArgumentParser
import Trace

/// Which device of a recording is meant.
struct RecordingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The device of a recording that holds several, as bus and address: 1:17. Without it the one that looks most "
        + "like a probe.", valueName: "bus:address"),
    transform: RecordingOptions.choice)
  var device: DeviceChoice = DeviceChoice.like(.stLink)

  private static func choice(_ text: String) throws -> DeviceChoice {
    let numbers = text.split(separator: ":", omittingEmptySubsequences: false)
    guard numbers.count == 2, let bus = UInt16(numbers[0]), let address = UInt8(numbers[1]) else {
      throw ValidationError("'\(text)' is no bus and address, such as 1:17.")
    }
    return .device(bus: bus, address: address)
  }

  /// Reads a recording.
  func read(_ file: String, in context: CommandContext) throws(CommandFailure) -> Capture {
    try RecordingReader(files: context.files, reporter: context.reporter).read(file, choosing: device)
  }
}
