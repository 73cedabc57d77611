/// The benchmarks of `make bench`.
///
/// They print ratios: other programs on the machine slow both sides of a ratio down. Names on the command line choose.
@main enum Benchmarks {
  /// Every benchmark by its name; a new one is a new line.
  private static let all: [(name: String, run: @Sendable () throws -> Void)] = [
    ("interpreter", { try InterpreterBenchmark.run() }),
    ("write", { try WriteBenchmark.run() }),
    ("look", { try LookBenchmark.run() }),
    ("voices", { try VoicesBenchmark.run() }),
    ("debugging", { try DebugBenchmark.run() }),
    ("recording", { try RecordingBenchmark.run() }),
    ("usb", { try USBBenchmark.run() }),
    ("startup", { try StartUpBenchmark.run() }),
  ]

  static func main() throws {
    let wanted = CommandLine.arguments.dropFirst()
    for benchmark in all where wanted.isEmpty || wanted.contains(benchmark.name) {
      print("== \(benchmark.name)")
      try benchmark.run()
    }
  }
}
