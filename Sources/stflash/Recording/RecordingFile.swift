import ArgumentParser
import Engine
import Failures
import Trace

/// The file of a recording, and what stands in its head.
final class RecordingFile {
  private let file: GrowingFile

  /// Makes the file, or empties it.
  init(_ path: String, files: FileSystem) throws(CommandFailure) {
    file = try reporting { () throws(FileSystemError) in try GrowingFile(path, files: files) }
  }

  /// Takes the recording's bytes.
  func append(_ bytes: [UInt8]) throws {
    try file.append(bytes)
  }

  /// Fails where some of the recording could not be written.
  func finish() throws(CommandFailure) {
    guard let error = file.failure else { return }
    var failure = CommandFailure(error)
    failure.report.evidence.append("the recording ends there; the session itself went on without it")
    throw failure
  }

  /// What a recording of this command is to hold besides the traffic.
  static func options(
    isRedacted: Bool, simulatedTarget: String?, in context: CommandContext
  ) -> RecorderOptions {
    var metadata = [MetadataEntry("command", commandLine(context.arguments, isRedacted: isRedacted))]
    if let simulatedTarget { metadata.append(MetadataEntry(RecordingKey.simulated, simulatedTarget)) }
    let conceal: @Sendable () -> any Concealer = { UniqueIDConcealer() }
    return RecorderOptions(
      application: "stflash \(Stflash.version)", metadata: metadata,
      // A simulation begins at no time of day, so that the same session gives the same file.
      startTime: simulatedTarget == nil ? context.files.timeOfDay : .zero, redactsSerial: isRedacted,
      makeConcealer: isRedacted ? conceal : nil,
      handsOverSubmissionsFirst: simulatedTarget == nil)
  }

  /// The command line with file names instead of paths; redacted, only its verbs and the names of its options.
  static func commandLine(_ arguments: [String], isRedacted: Bool) -> String {
    guard isRedacted else { return arguments.map(withoutDirectory).joined(separator: " ") }
    let ours = arguments.prefix { $0 != "--" }
    return (verbs(in: ours) + ours.compactMap(optionName)).joined(separator: " ")
  }

  /// The verbs of a command line, wherever they stand among the options.
  private static func verbs(in arguments: ArraySlice<String>) -> [String] {
    var verbs: [String] = []
    var commands = Stflash.configuration.subcommands
    for argument in arguments {
      guard let command = commands.first(where: { $0.configuration.commandName == argument }) else { continue }
      verbs.append(argument)
      commands = command.configuration.subcommands
    }
    return verbs
  }

  /// The name of an option without a value that is joined to it; nil for what is no option.
  private static func optionName(_ argument: String) -> String? {
    guard argument.hasPrefix("-"), argument.count > 1 else { return nil }
    guard argument.hasPrefix("--") else { return String(argument.prefix(2)) }
    return String(argument.prefix { $0 != "=" })
  }

  private static func withoutDirectory(_ argument: String) -> String {
    guard argument.hasPrefix("-"), let sign = argument.firstIndex(of: "=") else {
      return FileSystem.name(of: argument)
    }
    return argument[...sign] + FileSystem.name(of: String(argument[argument.index(after: sign)...]))
  }
}

/// The keys of the facts that we note in recordings.
enum RecordingKey {
  /// The simulated board or chip; no entry in a recording of a real probe.
  static let simulated = "simulated"
  /// The probe's firmware.
  static let firmware = "firmware"
  /// The chip behind the probe.
  static let chip = "chip"
}
