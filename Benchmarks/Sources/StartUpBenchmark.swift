import Foundation

/// How long the program needs before it does anything, as a multiple of `st-flash --version` on the same machine.
///
/// Each figure is the quickest of many starts, taken by turns: other work on the machine makes starts slower, never
/// quicker. Where st-flash is not installed there is nothing to compare with, which is said.
enum StartUpBenchmark {
  /// Command lines, and how many times st-flash's time they may take.
  ///
  /// Aimed at are 6.6, 6.6 and 12.5: 8 ms, 8 ms and 15 ms where st-flash takes 1.2 ms at its quickest. The limits are half
  /// as much again, since on a busy machine a longer start finds a quiet moment less often than a short one.
  private static let lines: [(arguments: [String], limit: Double)] = [
    (["--help"], 10), (["list"], 10), (["--sim", "stm32f407vg", "info"], 19),
  ]
  private static let rounds = 100

  static func run() throws {
    let environment = ProcessInfo.processInfo.environment
    guard let program = environment["STFLASH"] else {
      throw BenchmarkFailure(text: "STFLASH names no program: run this with scripts/bench startup")
    }
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    guard let other = folders.map({ "\($0)/st-flash" }).first(where: FileManager.default.isExecutableFile) else {
      print("skipped: st-flash (Debian package stlink-tools) is not installed, and the ratios are to its start")
      return
    }
    var reference = Double.infinity
    var times = lines.map { _ in Double.infinity }
    for _ in 0..<rounds {
      reference = min(reference, try seconds(other, ["--version"]))
      for (index, line) in lines.enumerated() {
        times[index] = min(times[index], try seconds(program, line.arguments))
      }
    }
    print("command                         time     ratio  limit")
    print(TableRow.text([("st-flash --version", 32), (milliseconds(reference), 9), ("1.0", 7)]))
    var tooSlow: [String] = []
    for (line, time) in zip(lines, times) {
      let ratio = time / reference
      let name = "stflash " + line.arguments.joined(separator: " ")
      print(TableRow.text([(name, 32), (milliseconds(time), 9), (oneDecimal(ratio), 7), (oneDecimal(line.limit), 0)]))
      if ratio > line.limit { tooSlow.append(name) }
    }
    guard tooSlow.isEmpty else {
      throw BenchmarkFailure(text: "slower to start than they may be: \(tooSlow.joined(separator: "; "))")
    }
  }

  /// The time from the start of a program to its end.
  private static func seconds(_ program: String, _ arguments: [String]) throws -> Double {
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for stream in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0)
    }
    var child = pid_t()
    var status: Int32 = 0
    let started = ContinuousClock.now
    guard posix_spawn(&child, program, &actions, nil, &words, environ) == 0, waitpid(child, &status, 0) == child else {
      throw BenchmarkFailure(text: "\(program) cannot be started")
    }
    let time = ContinuousClock.now - started
    guard status == 0 else { throw BenchmarkFailure(text: "\(program) \(arguments) failed") }
    return time / .seconds(1)
  }

  private static func milliseconds(_ seconds: Double) -> String { oneDecimal(seconds * 1000) + " ms" }

  private static func oneDecimal(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
