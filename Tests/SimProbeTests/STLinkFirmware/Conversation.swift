import LinkInterface
import Testing

@testable import SimProbe

/// A conversation of a host with a probe, one command a line.
///
///     F2 36 F0 ED 00 E0 -> 80 00 xx xx 03 00 03 03
///     F2 08 00 00 00 20 04 <= AA 55 AA 55
///     F3 07
///     wait 10
///
/// The part after "->" is the reply, "xx" any byte, "02|03" one of two and "00*10" ten zeros; after "<=" stand data for
/// the probe. A line with neither is a command without a reply. The host waits in milliseconds. What follows "#" is a
/// remark.
struct Conversation {
  private let lines: [String]

  init(_ text: String) {
    lines = text.split(separator: "\n").map { line in
      line.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).first
        .map { $0.trimming() } ?? ""
    }.filter { !$0.isEmpty }
  }

  /// Has the conversation and compares the replies.
  func run(on bench: ProbeSession, sourceLocation: SourceLocation = #_sourceLocation) throws {
    for line in lines {
      if line.hasPrefix("wait "), let milliseconds = Int(line.dropFirst(5)) {
        bench.clock.wait(for: .milliseconds(milliseconds))
        continue
      }
      let (request, reply) = Conversation.split(line, at: "->")
      let (command, data) = Conversation.split(request, at: "<=")
      guard let reply else {
        try bench.send(command, data: hex(data ?? ""))
        continue
      }
      let pattern = Conversation.pattern(reply)
      do {
        let received = try bench.send(command, pattern.count)
        let isEqual =
          received.count == pattern.count && zip(received, pattern).allSatisfy { $1.isEmpty || $1.contains($0) }
        #expect(isEqual, "\(line): received \(received.map { String($0, radix: 16) })", sourceLocation: sourceLocation)
      } catch {
        Issue.record("\(line): \(error)", sourceLocation: sourceLocation)
        return
      }
    }
  }

  private static func split(_ line: String, at mark: String) -> (String, String?) {
    var words = line.split(separator: " ").map(String.init)
    guard let index = words.firstIndex(of: mark) else { return (line, nil) }
    let rest = words[(index + 1)...].joined(separator: " ")
    words.removeSubrange(index...)
    return (words.joined(separator: " "), rest)
  }

  /// What each byte of a reply may be; nothing stands for any.
  private static func pattern(_ text: String) -> [[UInt8]] {
    text.split(separator: " ").flatMap { token -> [[UInt8]] in
      let parts = token.split(separator: "*")
      let choices = parts[0].split(separator: "|").compactMap { UInt8($0, radix: 16) }
      return Array(repeating: choices, count: parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
    }
  }
}

extension Substring {
  fileprivate func trimming() -> String {
    split(separator: " ").joined(separator: " ")
  }
}

extension String {
  /// Writes data such as "01*48" out in full.
  func replacingRepeats() -> String {
    split(separator: "\n").map { line in
      guard line.contains("<=") else { return String(line) }
      return line.split(separator: " ").map { token in
        let parts = token.split(separator: "*")
        guard parts.count == 2, let count = Int(parts[1]) else { return String(token) }
        return Array(repeating: String(parts[0]), count: count).joined(separator: " ")
      }.joined(separator: " ")
    }.joined(separator: "\n")
  }
}
