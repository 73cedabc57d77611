import ArgumentParser

/// What goes over the cables of probes that other programs use, to files.
struct ServedRecordingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Record the USB traffic of the probe into this file; once for each --sim, in the same order.",
      valueName: "file"),
    completion: .file())
  var record: [String] = []

  @Flag(help: "Leave serial numbers and file names out of the recordings.")
  var recordRedact = false

  func validate() throws {
    if recordRedact && record.isEmpty {
      throw ValidationError("--record-redact needs --record FILE.")
    }
  }
}
