/// Puts the bytes of each voice together to lines.
///
/// Every byte comes out again, in order: a line's end (LF, or CR LF) is left out, a zero byte or any other is kept. Of RTT's
/// channel 0 the marks of its virtual terminals become text.
struct OutputLines {
  /// How long a line may be before it is told without its end.
  private static let longest = 4096

  private struct Unfinished {
    var bytes: [UInt8] = []
    var since: Duration = .zero
  }

  private var terminals = RTTTerminals()
  private var unfinished: [OutputSource: Unfinished] = [:]
  /// The voices in the order in which they were heard first, so that what is left over comes in a fixed order.
  private var order: [OutputSource] = []

  /// Takes bytes in, and gives the lines that they complete.
  mutating func add(_ output: ProgramOutput, at time: Duration) -> [OutputLine] {
    if unfinished[output.source] == nil { order.append(output.source) }
    var rest = unfinished[output.source] ?? Unfinished()
    if rest.bytes.isEmpty { rest.since = time }
    var lines: [OutputLine] = []
    for byte in output.source == .rtt(0) ? terminals.text(of: output.bytes) : output.bytes {
      if byte == 0x0A {
        if rest.bytes.last == 0x0D { rest.bytes.removeLast() }
        lines.append(OutputLine(output.source, rest.bytes, at: time))
        lines[lines.count - 1].chipTime = output.chipTime
        rest = Unfinished(since: time)
        continue
      }
      rest.bytes.append(byte)
      if rest.bytes.count == OutputLines.longest {
        lines.append(OutputLine(output.source, rest.bytes, at: time, isComplete: false))
        rest = Unfinished(since: time)
      }
    }
    unfinished[output.source] = rest
    return lines
  }

  /// What has come of a line so far; empty between lines.
  func begun(_ source: OutputSource) -> [UInt8] { unfinished[source]?.bytes ?? [] }

  /// Gives beginnings of lines whose rest does not come.
  ///
  /// - Parameter age: how long they have to have been waited for.
  mutating func takeUnfinished(olderThan age: Duration, at time: Duration) -> [OutputLine] {
    var lines: [OutputLine] = []
    for source in order {
      guard let rest = unfinished[source], !rest.bytes.isEmpty, time - rest.since >= age else { continue }
      // Of a character or a line's end that has only begun, the rest is about to come.
      let end = age > .zero ? OutputLines.endOfWhole(rest.bytes) : rest.bytes.count
      guard end > 0 else { continue }
      lines.append(OutputLine(source, Array(rest.bytes[..<end]), at: time, isComplete: false))
      unfinished[source] = Unfinished(bytes: Array(rest.bytes[end...]), since: time)
    }
    return lines
  }

  /// The index behind the last byte that is no part of an unfinished UTF-8 character or line's end.
  static func endOfWhole(_ bytes: [UInt8]) -> Int {
    if bytes.last == 0x0D { return bytes.count - 1 }
    for length in 1..<4 where length <= bytes.count {
      let byte = bytes[bytes.count - length]
      if byte & 0xC0 == 0x80 { continue }
      let needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      return needed > length ? bytes.count - length : bytes.count
    }
    return bytes.count
  }
}
