import Engine
import Failures
import LinkInterface
import TestSupport
import Testing

/// What is done about a reply that is lost, cut or late, command by command.
@Suite("Lost replies")
struct RepetitionTests {
  private static let good = "< 80 00 00 00 00 00 00 00 00 00 00 00\n"
  private static let read = "> F2 36 00 20 04 E0\n"
  private static let writeFlash = "> F2 08 00 00 00 08 04\n>> 01 02 03 04\n"

  /// Opens a probe with a script, and keeps what it tells of repetitions.
  private func open(_ script: String) throws -> (STLink, ScriptedProbe, () -> [Repetition]) {
    let (link, probe) = try Scripts.v2(script)
    let told = Told()
    link.onRepetition = { told.repetitions.append($0) }
    return (link, probe, { told.repetitions })
  }

  private final class Told {
    var repetitions: [Repetition] = []
  }

  private func loss(in error: DebugError?) -> LostReply.Obstacle? {
    if case .replyLost(let loss) = error { loss.obstacle } else { nil }
  }

  @Test(arguments: ["! timeout", "! overflow", "! stall\nclear 81", "< 80 00 00 00 of 8"])
  func `a read is made again with the pipe emptied, and that is told`(loss: String) throws {
    let (link, probe, told) = try open(
      "\(Self.read)\(loss)\n\(Scripts.intoStep)\(Self.read)< 80 00 00 00 13 64 07 10")
    #expect(try link.readWord(at: 0xE004_2000) == 0x1007_6413)
    expectFinished(probe)
    #expect(told().map(\.command) == ["READDEBUGREG"] && told()[0].wasSentAgain)
    #expect(link.repetitionCount == 1 && link.repeatedReadCount == 1)
  }

  @Test func `of flash data the status alone is asked for again`() throws {
    for loss in ["! timeout", "< 80 00 of 12"] {
      let (link, probe, told) = try open(
        "\(Self.writeFlash)> F2 3E\n\(loss)\n\(Scripts.intoStep)> F2 3E\n\(Self.good)")
      try link.writeMemory([1, 2, 3, 4], at: 0x0800_0000, width: .word)
      expectFinished(probe)
      #expect(told().map(\.wasSentAgain) == [false] && link.repeatedReadCount == 0)
    }
  }

  @Test func `a status that says after a lost reply that a write has failed is believed`() throws {
    let (link, probe, _) = try open(
      "\(Self.writeFlash)> F2 3E\n! timeout\n\(Scripts.intoStep)> F2 3E\n< 12 00 00 00 00 00 00 00 00 00 00 00")
    #expect(throws: DebugError.status(.accessPortError, during: "WRITEMEM32", address: 0x0800_0000)) {
      try link.writeMemory([1, 2, 3, 4], at: 0x0800_0000, width: .word)
    }
    expectFinished(probe)
  }

  @Test func `a flash key goes out once, whatever becomes of its reply`() throws {
    let (link, probe, _) = try open(
      """
      > F2 08 04 3C 02 40 04      # FLASH_KEYR
      >> 23 01 67 45
      > F2 3E
      ! timeout
      \(Scripts.intoStep)
      > F2 3E
      \(Self.good)
      """)
    try link.writeWord(0x4567_0123, at: 0x4002_3C04)
    expectFinished(probe)
  }

  @Test func `flash data of which nobody knows whether they arrived are not sent again`() throws {
    let (link, probe, _) = try open("> F2 08 00 00 00 08 04\n! timeout")
    let error = #expect(throws: DebugError.self) {
      try link.writeMemory([1, 2, 3, 4], at: 0x0800_0000, width: .word)
    }
    #expect(loss(in: error) == .mayNotHappenTwice)
    #expect(error?.report.causes.first == .badUSB)
    #expect(error?.report.evidence.last?.contains("must not be a second time") == true)
    expectFinished(probe)
  }

  @Test func `a late reply is taken for no later command's`() throws {
    let (link, probe, _) = try open(
      """
      \(Self.read)
      ! timeout
      ! timeout                             # drain: not there yet
      > F1
      < 80 00 00 00 EF BE AD DE of 64       # there it is
      < 29 47 83 04 48 37 of 4096           # drain
      ! timeout
      > F1
      < 29 47 83 04 48 37 of 64
      > F5
      < 01 00 of 64
      \(Self.read)
      < 80 00 00 00 13 64 07 10
      """)
    #expect(try link.readWord(at: 0xE004_2000) == 0x1007_6413)
    expectFinished(probe)
  }

  @Test func `a late answer to the question itself is found out by the next one's length`() throws {
    let (link, probe, _) = try open(
      """
      \(Self.read)
      ! timeout
      ! timeout                   # drain
      > F1
      ! timeout                   # late
      clear 81
      clear 02
      ! timeout                   # drain
      > F1
      < 29 47 83 04 48 37 of 64   # the first one's answer
      > F5
      < 29 47 83 04 48 37 of 64   # the second one's
      < 01 00 of 4096             # drain
      ! timeout
      > F1
      < 29 47 83 04 48 37 of 64
      > F5
      < 01 00 of 64
      \(Self.read)
      < 80 00 00 00 13 64 07 10
      """)
    #expect(try link.readWord(at: 0xE004_2000) == 0x1007_6413)
    expectFinished(probe)
  }

  private static let silence = "! timeout\n> F1\n! timeout\n"

  @Test func `a probe that stays silent is reset once, and later commands wait for it no more`() throws {
    let (link, probe, _) = try open(
      "\(Self.read)! timeout\n\(Self.silence)clear 81\nclear 02\n\(Self.silence)reset\n\(Self.silence)\(Self.silence)")
    let error = #expect(throws: DebugError.self) { try link.readWord(at: 0xE004_2000) }
    #expect(loss(in: error) == .probeIsSilent)
    #expect(error?.report.summary == "the probe did not answer in time during READDEBUGREG")
    #expect(loss(in: #expect(throws: DebugError.self) { try link.close() }) == .probeIsSilent)
    expectFinished(probe)
  }

  @Test func `after a reset of the USB device a read goes on, and nobody trusts the status of a write`() throws {
    let reset = "\(Self.silence)clear 81\nclear 02\n\(Self.silence)reset\n\(Scripts.intoStep)"
    let (link, probe, _) = try open(
      "\(Self.read)! timeout\n\(reset)\(Self.read)< 80 00 00 00 13 64 07 10\n"
        + "\(Self.writeFlash)> F2 3E\n! timeout\n\(reset)")
    #expect(try link.readWord(at: 0xE004_2000) == 0x1007_6413)
    let error = #expect(throws: DebugError.self) {
      try link.writeMemory([1, 2, 3, 4], at: 0x0800_0000, width: .word)
    }
    #expect(loss(in: error) == .mayNotHappenTwice)
    expectFinished(probe)
  }

  @Test func `a probe that has left debug mode by itself is told of and not used on`() throws {
    let (link, probe, _) = try open("\(Scripts.enter)\(Self.read)! timeout\n\(Scripts.intoStep)")
    try link.enter()
    let error = #expect(throws: DebugError.self) { try link.readWord(at: 0xE004_2000) }
    #expect(loss(in: error) == .debugModeLeft("mass-storage mode"))
    expectFinished(probe)
  }

  @Test func `a link that loses every other reply is given up, and the count is told`() throws {
    let lossy = "\(Self.read)! timeout\n\(Scripts.intoStep)\(Self.read)< 80 00 00 00 13 64 07 10\n"
    let (link, probe, told) = try open(String(repeating: lossy, count: 7) + "\(Self.read)! timeout")
    for _ in 0..<7 { #expect(try link.readWord(at: 0xE004_2000) == 0x1007_6413) }
    let error = #expect(throws: DebugError.self) { try link.readWord(at: 0xE004_2000) }
    guard case .tooManyLosses(8, _) = loss(in: error) else {
      Issue.record("\(String(describing: error))")
      return
    }
    expectFinished(probe)
    #expect(told().count == 7 && link.repetitionWarning?.hasPrefix("7 replies") == true)
  }

  @Test func `one lost reply in fifty is put up with for ever`() throws {
    let good = "\(Self.read)< 80 00 00 00 13 64 07 10\n"
    let part = "\(Self.read)! timeout\n\(Scripts.intoStep)" + String(repeating: good, count: 50)
    let (link, probe, _) = try open(String(repeating: part, count: 20))
    for _ in 0..<1000 { _ = try link.readWord(at: 0xE004_2000) }
    expectFinished(probe)
    #expect(link.repetitionCount == 20)
  }
}

/// Commands that a clone's firmware has by its version, and refuses.
@Suite("Commands that can be done without")
struct MissingCommandTests {
  private static let trial = "> F2 47 00 00 00 20 04\n< 08 00 of 4\n> F2 3E\n< 80 00 00 00 00 00 00 00 00 00 00 00\n"

  @Test func `16-bit accesses are tried out before data follow that would be taken for a command`() throws {
    let (link, probe) = try Scripts.v2(Self.trial + Self.trial)
    var missing: [FirmwareFeature] = []
    link.onMissingFeature = { missing.append($0) }
    let error = #expect(throws: DebugError.self) {
      try link.writeMemory([1, 2], at: 0x0800_0000, width: .halfword)
    }
    #expect(error?.report.evidence.contains { $0.contains("refuses it all the same") } == true)
    #expect(missing == [.halfwordAccess])
    expectFinished(probe)
  }

  @Test func `memory is read by words where 16-bit accesses are refused, a register is not`() throws {
    let (link, probe) = try Scripts.v2(
      Self.trial + Self.trial + "> F2 07 20 7A FF 1F 04\n< 34 12 00 04\n> F2 3E\n< 80 00 00 00 00 00 00 00 00 00 00 00")
    #expect(try link.readMemory(at: 0x1FFF_7A20, byteCount: 4, width: .halfword) == [0x34, 0x12, 0x00, 0x04])
    #expect(throws: DebugError.self) { try link.readMemory(at: 0x4001_1004, byteCount: 2, width: .halfword) }
    expectFinished(probe)
  }

  @Test func `a probe that knows them is asked once`() throws {
    let (link, probe) = try Scripts.v2(
      """
      > F2 47 00 00 00 20 04
      < 01 02 03 04
      > F2 3E
      < 80 00 00 00 00 00 00 00 00 00 00 00
      > F2 47 22 7A FF 1F 02
      < 00 04
      > F2 3E
      < 80 00 00 00 00 00 00 00 00 00 00 00
      > F2 47 22 7A FF 1F 02
      < 00 04
      > F2 3E
      < 80 00 00 00 00 00 00 00 00 00 00 00
      """)
    for _ in 0..<2 { #expect(try link.readMemory(at: 0x1FFF_7A22, byteCount: 2, width: .halfword) == [0, 4]) }
    expectFinished(probe)
  }

  @Test func `a reply that was cut is not taken for a refusal`() throws {
    let (link, probe) = try Scripts.v2(
      """
      \(Self.trial)
      > F2 47 00 00 00 20 04
      < 08 00 03 04
      > F2 3E
      < 80 00 00 00 00 00 00 00 00 00 00 00
      > F2 47 22 7A FF 1F 02
      < 00 04
      > F2 3E
      < 80 00 00 00 00 00 00 00 00 00 00 00
      """)
    #expect(try link.readMemory(at: 0x1FFF_7A22, byteCount: 2, width: .halfword) == [0, 4])
    expectFinished(probe)
  }

  @Test func `a probe that refuses to clear sticky errors is asked for it once, and that is told`() throws {
    let failing = "> F2 36 00 00 FF 2F\n< 11 00 of 8\n"
    let (link, probe) = try Scripts.v2(failing + "> F2 46 FF FF 00 00 1E\n< 08 00\n" + failing)
    var missing: [FirmwareFeature] = []
    link.onMissingFeature = { missing.append($0) }
    for _ in 0..<2 { #expect(throws: DebugError.self) { try link.readWord(at: 0x2FFF_0000) } }
    #expect(missing == [.dapRegisters])
    expectFinished(probe)
  }
}
