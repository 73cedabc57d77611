import TestSupport
import Testing

@testable import stflash

/// Recordings of sessions with a bootloader, as a user makes and uses them.
@Suite("Recorded serial sessions")
struct SerialRecordingCommandTests {
  private static let bench = "--sim stm32f412ce --sim-boot system --port sim"

  @Test func `a session that was recorded is replayed, and shown`() throws {
    let desk = SimulatedDesk()
    try desk.directory.write("fw.bin", [0, 0x40, 0, 0x20, 9, 0, 0, 8, 0xFE, 0xE7] + (0..<500).map { UInt8($0 % 251) })
    let made = desk.run("\(Self.bench) --record @s.pcapng write @fw.bin 0x08000000")
    #expect(made.status == .success, "\(made.error)")
    let replayed = desk.run("--replay @s.pcapng write @fw.bin 0x08000000")
    #expect(replayed.status == .success, "\(replayed.error)")
    #expect(replayed.output == made.output)
    let shown = desk.run("trace show @s.pcapng").output
    #expect(shown.contains("Write Memory 256 bytes at 0x08000"))
    #expect(shown.contains("# chip: STM32F412\n"))
    #expect(shown.hasPrefix("# serial line, 115200 8E1, "))
    try desk.directory.write("s.txt", Array(desk.run("trace show --raw @s.pcapng").output.utf8))
    #expect(desk.run("--replay @s.txt write @fw.bin 0x08000000").status == .success)
  }

  @Test func `another command or rate than the recorded one is told with its place`() {
    let desk = SimulatedDesk()
    #expect(desk.run("\(Self.bench) --record @s.pcapng info").status == .success)
    for (line, place) in [
      ("--baud 9600 info", "call 1 of "), ("--boot-sequence rts-boot0 info", "call 1 of "),
      ("erase --sector 1", "call "), ("diagnose", "call "),
    ] {
      let outcome = desk.run("--replay @s.pcapng \(line)")
      #expect(outcome.status == .trace, "\(line): \(outcome.error)")
      #expect(outcome.error.contains(place))
      #expect(!outcome.error.contains("in addition"), "\(outcome.error)")
    }
    #expect(desk.run("--replay @s.pcapng --port sim info").status == .usage)
  }

  /// Reads of the block behind 0x1FFF_7A00 are redacted from 16 on, and the recording replays.
  @Test(arguments: ["--port sim", "--dfu"])
  func `a redacted recording holds no unique identifier, and replays`(link: String) throws {
    let desk = SimulatedDesk()
    let bench = "--sim stm32f446ze --sim-state @u.sim --sim-boot system \(link)"
    let identifiers = try ["", "--record-redact"].map { redaction in
      #expect(desk.run("\(bench) --record @u.pcapng \(redaction) info").status == .success)
      let replayed = desk.run("--replay @u.pcapng \(link == "--dfu" ? "--dfu" : "") --json info").output
      let key = #""uniqueID":""#
      let start = try #require(replayed.firstRange(of: key), "\(replayed)").upperBound
      return String(replayed[start...].prefix(24))
    }
    #expect(Set(identifiers[0]) != ["0"])
    #expect(identifiers[1] == String(repeating: "0", count: 24))
  }

  @Test func `a damaged recording names its line`() throws {
    let desk = SimulatedDesk()
    try desk.directory.write("s.txt", Array("stflash-serial 1\n0 0 sing 79\n".utf8))
    for verb in ["info", "diagnose"] {
      let outcome = desk.run("--replay @s.txt \(verb)")
      #expect(outcome.status == .file && outcome.screen.contains("line 2"), "\(verb): \(outcome.screen)")
    }
  }

  @Test func `a control sequence is on record, and silence is replayed as silence`() {
    let desk = SimulatedDesk()
    let made = desk.run(
      "--sim stm32f412ce --sim-adapter rts-boot0 --sim-fault rts-dtr-swapped --port sim --boot-sequence rts-boot0 "
        + "--record @s.pcapng info")
    #expect(made.status == .noTarget)
    #expect(made.error.contains("RTS and DTR are swapped"))
    let replayed = desk.run("--replay @s.pcapng --boot-sequence rts-boot0 info")
    #expect(replayed.status == .noTarget)
    #expect(replayed.error == made.error)
  }
}
