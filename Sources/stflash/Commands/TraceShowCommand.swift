import ArgumentParser
import Engine
import Trace

/// `trace show FILE`: a recording as text.
struct TraceShowCommand: StflashCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a recording, one operation a line.",
    discussion: """
      A command counts as one operation with its data and its status. What a host asks again and again is shown once, \
      with the number of times. Only what is shown with --raw has every byte and can be read back.
      """)

  @Argument(help: "The recording.", completion: .file())
  var file: String

  @Flag(help: "Show all bytes of the target's memory, and every repetition.")
  var full = false

  @Flag(help: "Leave numbers and times out, for comparing two listings.")
  var noTimes = false

  @Flag(help: "Show every transfer in the text form that is accepted as a recording (docs/trace-format.md).")
  var raw = false

  @Flag(help: "Show figures instead: operations, bytes and time by command, pauses, the slowest.")
  var stats = false

  @Option(
    help: ArgumentHelp("Write a page with the session on a time axis, for a browser.", valueName: "out.html"),
    completion: .file())
  var timeline: String?

  @OptionGroup(title: "Recording") var recording: RecordingOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] {
    [FileUse("FILE", file, .reads)] + (timeline.map { [FileUse("--timeline", $0, .writes)] } ?? [])
  }

  func validate() throws {
    if [raw, stats, timeline != nil, full || noTimes].count(where: { $0 }) > 1 {
      throw ValidationError("--raw, --stats, --timeline, and --full with --no-times exclude each other.")
    }
    if raw && output.json { throw ValidationError("--raw is text; leave --json out.") }
  }

  func run(in context: CommandContext) throws(CommandFailure) {
    SignalHandling.endAtOnce()
    let session = try recording.read(file, in: context).session
    if raw { return context.reporter.report(.result(RawRecording(text: session.text))) }
    let operations = DecodedSession(session).operations
    if stats {
      return context.reporter.report(.result(StatisticsResult(statistics: SessionStatistics(operations))))
    }
    if let timeline { return try writeTimeline(operations, to: timeline, in: context) }
    context.reporter.report(.result(RecordingHead(session)))
    let listed = full ? operations.map(ListedOperation.single) : ListedOperation.list(operations)
    for operation in listed {
      context.reporter.report(
        .result(ListedOperationResult(operation: operation, showsTimes: !noTimes, showsData: full)))
    }
  }

  private func writeTimeline(
    _ operations: [DecodedOperation], to path: String, in context: CommandContext
  ) throws(CommandFailure) {
    let page = TimelinePage(title: FileSystem.name(of: file), operations)
    try reporting { () throws(FileSystemError) in try context.files.replace(path, with: Array(page.html.utf8)) }
    context.reporter.report(.result(TimelineResult(file: path, operationCount: operations.count)))
  }
}
