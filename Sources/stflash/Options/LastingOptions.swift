import ArgumentParser

/// What has to be said for what cannot be undone.
struct LastingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Allow it, by its words: \"OTP\", \"OTP lock 0\".", valueName: "words"))
  var irreversible: [String] = []
}
