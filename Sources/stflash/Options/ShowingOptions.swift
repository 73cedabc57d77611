import ArgumentParser

/// How `trace show` shows a recording.
struct ShowingOptions: ParsableArguments {
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

  func validate() throws {
    if [raw, stats, timeline != nil, full || noTimes].count(where: { $0 }) > 1 {
      throw ValidationError("--raw, --stats, --timeline, and --full with --no-times exclude each other.")
    }
  }
}
