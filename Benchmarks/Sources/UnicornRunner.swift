import Foundation

/// The C program that runs a benchmark in Unicorn; `scripts/bench` compiles it and names it in the environment.
struct UnicornRunner {
  /// What a run printed.
  struct Result {
    let value: UInt32
    let second: UInt32
    let seconds: Double
  }

  private let executable: URL

  /// The runner; nil where there is none.
  init?() {
    guard let path = ProcessInfo.processInfo.environment["STFLASH_UNICORN_RUNNER"], !path.isEmpty else { return nil }
    executable = URL(filePath: path)
  }

  /// Runs a program some times.
  func run(
    file: String, at address: UInt32, rounds: UInt32, memory: UInt32, stackPointer: UInt32, polls: UInt32, repeats: Int
  ) throws -> Result {
    let process = Process()
    let output = Pipe()
    process.executableURL = executable
    process.arguments = [file] + [address, rounds, memory, stackPointer, polls, UInt32(repeats)].map { "\($0)" }
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let words = text.split(whereSeparator: \.isWhitespace)
    guard process.terminationStatus == 0, words.count == 3, let value = UInt32(words[0]), let second = UInt32(words[1]),
      let seconds = Double(words[2])
    else { throw BenchmarkFailure(text: "Unicorn's runner failed on \(file): \(text)") }
    return Result(value: value, second: second, seconds: seconds)
  }
}
