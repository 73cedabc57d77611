import ArgumentParser
import Trace

/// A session to a file, or a file in place of a probe.
struct TraceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Record what goes over USB or the serial line into this file, which Wireshark opens (pcapng).", valueName: "file"),
    completion: .file())
  var record: String?

  @Flag(help: "Leave serial numbers and file names out of the recording.")
  var recordRedact = false

  @Option(
    help: ArgumentHelp("Let a recorded probe or serial line answer instead of a plugged-in one.", valueName: "file"),
    completion: .file())
  var replay: String?

  @Flag(help: "Look replayed answers up instead of holding every byte against the recording.")
  var replayLenient = false

  @Option(
    help: ArgumentHelp(
      "Bytes that may differ from the recording, such as \"serial 12-13 0-23\" or \"clock out:f243 2-3\" "
        + "(docs/trace-format.md); may be repeated.", valueName: "rule"),
    transform: MaskOption.rule)
  var replayMask: [MaskRule] = []

  /// How closely a replay has to follow its recording.
  var replayMode: Replayer.Mode { replayLenient ? .lenient : .strict }

  /// The files that the options name.
  var fileUses: [FileUse] {
    (replay.map { [FileUse("--replay", $0, .reads)] } ?? []) + (record.map { [FileUse("--record", $0, .writes)] } ?? [])
  }

  /// Puts log and recorder in front of a probe where they are asked for.
  func decorating(_ opened: any OpenedProbe, in context: CommandContext) throws(CommandFailure) -> any OpenedProbe {
    let opened = LoggedProbe.wrapping(opened, in: context)
    guard let record else { return opened }
    return try RecordedProbe(opened, to: record, isRedacted: recordRedact, in: context)
  }

  func validate() throws {
    if recordRedact && record == nil {
      throw ValidationError("--record-redact needs --record FILE.")
    }
    if replay == nil && (replayLenient || !replayMask.isEmpty) {
      throw ValidationError("--replay-lenient and --replay-mask need --replay FILE.")
    }
  }
}

/// Mask rules as options.
enum MaskOption {
  /// A rule from its text.
  static func rule(_ text: String) throws -> MaskRule {
    guard let rule = MaskRule(text: text) else {
      throw ValidationError(
        "'\(text)' is no mask rule. It needs a name, which transfers, and which bytes: \"serial 12-13 0-23\".")
    }
    return rule
  }
}
