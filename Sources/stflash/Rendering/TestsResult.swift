import Basics
import Engine

/// What has become of the tests that a program holds.
struct TestsResult: CommandResult {
  /// What has become of one test.
  struct Outcome: CommandResult {
    /// How it ended.
    enum Verdict: String {
      case passed
      case failed
      case ignored
    }

    /// The test's name.
    let test: String
    let verdict: Verdict
    /// How long it ran.
    let duration: Duration
    /// Why it has failed, one fact a line.
    let reason: [String]

    init(_ test: String, _ verdict: Verdict, _ duration: Duration = .zero, reason: [String] = []) {
      self.test = test
      self.verdict = verdict
      self.duration = duration
      self.reason = reason
    }

    let name = "test"
    let isConfirmation = false

    var lines: [String] {
      let word =
        switch verdict {
        case .passed: "ok"
        case .failed: "FAILED"
        case .ignored: "ignored"
        }
      return ["test \(test) ... \(word)"] + reason.map { "  \($0)" }
    }

    var members: [JSONMember] {
      [
        JSONMember("test", .string(test)), JSONMember("result", .string(verdict.rawValue)),
        JSONMember("seconds", .seconds(duration)), JSONMember("reason", .strings(reason)),
      ]
    }
  }

  /// The tests in the order in which they were run.
  let outcomes: [Outcome]
  /// How many tests were not asked for.
  let filteredCount: Int

  let name = "tests"
  let isConfirmation = false

  /// The exit code of Rust's test programs where one has failed.
  static let failureStatus = ExitStatus(rawValue: 101)

  private func count(_ verdict: Outcome.Verdict) -> Int { outcomes.count { $0.verdict == verdict } }

  /// What the process tells the shell.
  var status: ExitStatus { count(.failed) == 0 ? .success : Self.failureStatus }

  var lines: [String] {
    let time = outcomes.reduce(Duration.zero) { $0 + $1.duration }
    return [
      "test result: \(count(.failed) == 0 ? "ok" : "FAILED"). \(count(.passed)) passed; \(count(.failed)) failed; "
        + "\(count(.ignored)) ignored; 0 measured; \(filteredCount) filtered out; finished in \(time.inWords)"
    ]
  }

  var members: [JSONMember] {
    [
      JSONMember("passed", .integer(count(.passed))), JSONMember("failed", .integer(count(.failed))),
      JSONMember("ignored", .integer(count(.ignored))), JSONMember("filtered", .integer(filteredCount)),
    ]
  }
}

/// The tests that a program holds, as Rust's test programs list them.
struct TestList: CommandResult {
  /// The tests.
  let tests: [EmbeddedTest]

  let name = "testList"
  let isConfirmation = false

  var lines: [String] { tests.map { "\($0.name): test" } + ["", "\(tests.count.of("test")), 0 benchmarks"] }

  var members: [JSONMember] {
    [
      JSONMember(
        "tests",
        .array(
          tests.map { test in
            .object([
              JSONMember("test", .string(test.name)), JSONMember("ignored", .boolean(test.isIgnored)),
              JSONMember("shouldPanic", .boolean(test.shouldPanic)),
              JSONMember("limitSeconds", test.timeLimit.map { .seconds($0) } ?? .null),
            ])
          }))
    ]
  }
}
