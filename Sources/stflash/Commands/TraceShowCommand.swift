import ArgumentParser
import Engine
import Trace

/// `trace show FILE`: a recording as text.
struct TraceShowCommand: StflashCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a recording, one operation a line.",
    usage: "stflash trace show <file> <options>",
    discussion: """
      A command counts as one operation with its data and its status. What a host asks again and again is shown once, \
      with the number of times. Only what is shown with --raw has every byte and can be read back.
      """)

  @Argument(help: "The recording.", completion: .file())
  var file: String

  @OptionGroup(title: "Showing") var showing: ShowingOptions
  @OptionGroup(title: "Recording") var recording: RecordingOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] {
    [FileUse("FILE", file, .reads)] + (showing.timeline.map { [FileUse("--timeline", $0, .writes)] } ?? [])
  }

  func validate() throws {
    if showing.raw && output.json { throw ValidationError("--raw is text; leave --json out.") }
  }

  func run(in context: CommandContext) throws(CommandFailure) {
    SignalHandling.endAtOnce()
    if let session = try RecordingReader(files: context.files, reporter: context.reporter).readSerial(file) {
      if showing.raw { return context.reporter.report(.result(RawRecording(text: session.text))) }
      return try show(session.operations, RecordingHead(session), in: context)
    }
    let session = try recording.read(file, in: context).session
    if showing.raw { return context.reporter.report(.result(RawRecording(text: session.text))) }
    try show(DecodedSession(session).operations, RecordingHead(session), in: context)
  }

  private func show(
    _ operations: [DecodedOperation], _ head: RecordingHead, in context: CommandContext
  ) throws(CommandFailure) {
    if showing.stats {
      return context.reporter.report(.result(StatisticsResult(statistics: SessionStatistics(operations))))
    }
    if let timeline = showing.timeline { return try writeTimeline(operations, to: timeline, in: context) }
    context.reporter.report(.result(head))
    let listed = showing.full ? operations.map(ListedOperation.single) : ListedOperation.list(operations)
    for operation in listed {
      context.reporter.report(
        .result(ListedOperationResult(operation: operation, showsTimes: !showing.noTimes, showsData: showing.full)))
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
