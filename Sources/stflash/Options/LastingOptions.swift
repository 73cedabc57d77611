import ArgumentParser
import Engine

/// What has to be said for what cannot be undone.
struct LastingOptions: ParsableArguments {
  @Flag(help: "Show what would be programmed, and touch nothing.")
  var plan = false

  @Option(
    help: ArgumentHelp("Allow it, by its words: \"OTP\", \"OTP lock 0\".", valueName: "words"))
  var irreversible: [String] = []
}
