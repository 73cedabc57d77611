import Foundation

/// One of the wire recordings in traces/silicon, whose README describes the format.
struct WireRecording {
  /// What one line says.
  enum Operation: Equatable {
    case lineReset
    case switchSequence(UInt16)
    case read(isAccessPort: Bool, register: UInt8, data: UInt32)
    case write(isAccessPort: Bool, register: UInt8, data: UInt32)
  }

  /// One line: what happened, how long after the line before, and how often the target said WAIT first.
  struct Step {
    var line: Int
    var gapMicroseconds: UInt64
    var operation: Operation
    var waits: Int
  }

  struct FormatError: Error {
    var line: Int
    var text: String
  }

  let steps: [Step]

  init(_ name: String, file: String = #filePath) throws {
    let folder = URL(filePath: file).deletingLastPathComponent().appending(path: "../../../traces/silicon")
    let text = try String(contentsOf: folder.appending(path: name + ".swd"), encoding: .utf8)
    steps = try text.split(separator: "\n").enumerated().map { index, line in
      guard let step = WireRecording.step(line, number: index + 1) else {
        throw FormatError(line: index + 1, text: String(line))
      }
      return step
    }
  }

  private static func step(_ line: Substring, number: Int) -> Step? {
    var words = line.split(separator: " ")
    guard words.count >= 3, let gap = UInt64(words[0]) else { return nil }
    var waits = 0
    if let last = words.last, last.hasPrefix("w") {
      guard let count = Int(last.dropFirst()) else { return nil }
      waits = count
      words.removeLast()
    }
    guard let operation = operation(words.dropFirst()) else { return nil }
    return Step(line: number, gapMicroseconds: gap, operation: operation, waits: waits)
  }

  private static func operation(_ words: ArraySlice<Substring>) -> Operation? {
    let words = Array(words)
    switch words[0] {
    case "reset": return .lineReset
    case "switch": return UInt16(words[1], radix: 16).map(Operation.switchSequence)
    default: break
    }
    guard words.count == 3, words[0].count == 2, let register = UInt8(words[1], radix: 16),
      let data = UInt32(words[2], radix: 16)
    else { return nil }
    let isAccessPort = words[0].first == "a"
    return words[0].last == "r"
      ? .read(isAccessPort: isAccessPort, register: register, data: data)
      : .write(isAccessPort: isAccessPort, register: register, data: data)
  }
}
