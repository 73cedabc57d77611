@testable import stflash

/// Command lines with everything that they print, as a file that people review.
///
///     $ stflash list
///     no probe is plugged in
///     stderr: ...
///     exit: 0 success
struct Transcript {
  private static let prompt = "$ stflash"

  /// The command lines, without the program's name.
  let lines: [String]

  /// Takes the command lines out of a transcript.
  init(_ text: String) {
    lines = text.split(separator: "\n").filter { $0.hasPrefix(Transcript.prompt) }.map {
      String($0.dropFirst(Transcript.prompt.count))
    }
  }

  /// Runs the command lines on a desk and writes down what they print.
  func performed(on desk: SimulatedDesk) -> String {
    lines.map { line in
      let outcome = desk.run(line)
      var text = "\(Transcript.prompt)\(line)\n\(outcome.output)"
      for message in outcome.error.split(separator: "\n", omittingEmptySubsequences: true) {
        text += "stderr: \(message)\n"
      }
      return text + "exit: \(outcome.status.rawValue) \(outcome.status.name)\n"
    }.joined(separator: "\n")
  }
}
