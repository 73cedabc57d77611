import ArgumentParser
import Engine

/// Which tests of a program are run that holds tests of embedded-test; the names are those of Rust's own test programs.
struct TestingOptions: ParsableArguments {
  @Flag(help: "Only list the tests that the program holds (embedded-test); words behind the file choose among them.")
  var list = false

  @Flag(help: "Run only tests that have exactly the given name.")
  var exact = false

  @Flag(help: "Run only the tests that are marked as ignored.")
  var ignored = false

  @Flag(help: "Run the tests that are marked as ignored, too.")
  var includeIgnored = false

  @Option(help: ArgumentHelp("Leave out tests whose names hold this; may be repeated.", valueName: "text"))
  var skip: [String] = []

  @Flag(help: "Of Rust's test programs; what a test says is always shown.")
  var nocapture = false

  /// Whether any of them was given.
  var isUsed: Bool { list || exact || ignored || includeIgnored || !skip.isEmpty || nocapture }

  func validate() throws {
    if ignored && includeIgnored { throw ValidationError("--ignored and --include-ignored exclude each other.") }
  }

  /// The tests that are asked for.
  ///
  /// - Parameter filters: texts of which a name has to hold one, or to be one; none for every test.
  func chosen(of tests: [EmbeddedTest], filters: [String]) -> [EmbeddedTest] {
    tests.filter { test in
      let isNamed = filters.isEmpty || filters.contains { exact ? test.name == $0 : test.name.contains($0) }
      let isSkipped = skip.contains { exact ? test.name == $0 : test.name.contains($0) }
      return isNamed && !isSkipped && (!ignored || test.isIgnored)
    }
  }

  /// Whether a chosen test is run, and not only counted.
  func runs(_ test: EmbeddedTest) -> Bool { !test.isIgnored || ignored || includeIgnored }
}
