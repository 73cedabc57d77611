import ArgumentParser

/// How much is told, and in which form.
struct OutputOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Tell errors only.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Tell what is done on the way; twice (-vv) every USB transfer too.")
  var verbose: Int

  @Flag(help: "The same as -vv, for command lines of st-flash.")
  var debug = false

  @Flag(help: "Write one JSON object a line to stdout (docs/json-events.md).")
  var json = false

  /// How much is told.
  var verbosity: Verbosity {
    if debug || verbose > 1 { return .trace }
    if verbose == 1 { return .verbose }
    return quiet ? .quiet : .normal
  }

  func validate() throws {
    if quiet && (debug || verbose > 0) {
      throw ValidationError("--quiet and --verbose exclude each other.")
    }
  }
}
