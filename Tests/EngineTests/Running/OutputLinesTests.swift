import TestSupport
import Testing

@testable import Engine

/// How the bytes of a program's voices become lines.
struct OutputLinesTests {
  private func text(_ lines: [OutputLine]) -> [String] {
    lines.map { "\($0.source.name) \($0.text)\($0.isComplete ? "" : "…")" }
  }

  @Test func `lines are put together for each voice on its own`() {
    var lines = OutputLines()
    #expect(lines.add(ProgramOutput(.serial, Array("one\r\ntw".utf8)), at: .zero).map(\.text) == ["one"])
    #expect(lines.add(ProgramOutput(.rtt(0), Array("other\n\n".utf8)), at: .zero).map(\.text) == ["other", ""])
    #expect(text(lines.add(ProgramOutput(.serial, Array("o\n".utf8)), at: .zero)) == ["serial two"])
  }

  @Test func `a beginning is told when its rest does not come, but no half of a character`() {
    var lines = OutputLines()
    _ = lines.add(ProgramOutput(.serial, Array("type: ".utf8) + [0xC3]), at: .zero)
    #expect(lines.takeUnfinished(olderThan: .milliseconds(100), at: .milliseconds(50)).isEmpty)
    #expect(text(lines.takeUnfinished(olderThan: .milliseconds(100), at: .milliseconds(100))) == ["serial type: …"])
    #expect(lines.add(ProgramOutput(.serial, [0xA4, 0x0A]), at: .zero).map(\.text) == ["ä"])
    _ = lines.add(ProgramOutput(.serial, [0x41, 0x0D]), at: .zero)
    #expect(text(lines.takeUnfinished(olderThan: .milliseconds(100), at: .seconds(1))) == ["serial A…"])
    #expect(lines.takeUnfinished(olderThan: .zero, at: .seconds(1)).map(\.bytes) == [[0x0D]])
  }

  @Test(arguments: 0..<20)
  func `every byte comes out again in order`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var lines = OutputLines()
    var sent: [OutputSource: [UInt8]] = [:]
    var told: [OutputSource: [UInt8]] = [:]
    func take(_ new: [OutputLine]) {
      for line in new { told[line.source, default: []] += line.bytes + (line.isComplete ? [0x0A] : []) }
    }
    for step in 0..<200 {
      let source = [OutputSource.semihosting, .rtt(1), .itm(0), .serial][Int.random(in: 0..<4, using: &generator)]
      let count = Int.random(in: 0...(step % 20 == 0 ? 9000 : 30), using: &generator)
      // No carriage returns: those in front of a line's end are left out.
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }.filter { $0 != 0x0D }
      sent[source, default: []] += bytes
      take(lines.add(ProgramOutput(source, bytes), at: .milliseconds(step)))
      take(lines.takeUnfinished(olderThan: .milliseconds(3), at: .milliseconds(step)))
    }
    take(lines.takeUnfinished(olderThan: .zero, at: .seconds(9)))
    #expect(told == sent.filter { !$0.value.isEmpty })
  }

  @Test func `marks of virtual terminals become text`() {
    var terminals = RTTTerminals()
    let bytes = Array("a\n".utf8) + [0xFF] + Array("2b\nc".utf8) + [0xFF]
    #expect(String(decoding: terminals.text(of: bytes), as: UTF8.self) == "a\n[2] b\n[2] c")
    #expect(terminals.text(of: Array("0\nd".utf8)) == Array("\nd".utf8))
    #expect(terminals.text(of: [0xFF, 0x7A]) == [0xFF, 0x7A])
  }
}
