import LinkInterface
import Testing

@testable import Engine

@Suite struct BootSequenceTests {
  @Test func `steps are those of stm32flash`() throws {
    let sequence = try #require(BootSequence("-rts&dtr,-dtr:rts&dtr,,brk"))
    #expect(
      sequence.entering == [
        .drive(.rts, active: false), .drive(.dtr, active: true), .pause, .drive(.dtr, active: false),
      ])
    #expect(sequence.leaving == [.drive(.rts, active: true), .drive(.dtr, active: true), .pause, .pause, .sendBreak])
    #expect(BootSequence("rts")?.leaving == [])
  }

  @Test func `numbers are pins of the computer`() throws {
    let sequence = try #require(BootSequence("23&-24,24:-23,rts&-24,24"))
    #expect(
      sequence.entering == [.drivePin(23, high: true), .drivePin(24, high: false), .pause, .drivePin(24, high: true)])
    #expect(sequence.leaving.first == .drivePin(23, high: false))
  }

  @Test(arguments: BootSequence.presets.map(\.key))
  func `every preset is a sequence that ends with both lines let go of NRST`(name: String) throws {
    let sequence = try #require(BootSequence(name))
    let reset: ControlLine = name.hasPrefix("rts") ? .dtr : .rts
    for steps in [sequence.entering, sequence.leaving] { #expect(steps.last == .drive(reset, active: false)) }
  }

  @Test(arguments: ["", ":", "foo", "rts&&dtr", "rts:dtr:rts", "-brk", "--23", "2x3", "٣", "-", "RTS", "rts, dtr"])
  func `what is neither is refused`(text: String) {
    #expect(BootSequence(text) == nil)
  }
}
