import Basics
import LinkInterface
import TestSupport
import Testing

@testable import SimProbe

/// The whole simulator from USB to the chip, with nothing scripted.
@Suite struct BoardSessionTests {
  private static let probes = ["v2", "v2-old", "v2-1", "v2-1-old", "v3", "v3set"]

  @Test(arguments: probes) func `a Nucleo is entered, halted, written and read back`(probe: String) throws {
    let session = try BoardSession("nucleo-f207zg", probe: probe)
    #expect(try session.enter() == [0x80, 0])
    #expect(session.word(try session.send("F2 31", 12), 4) == 0x2BA0_1477)
    #expect(session.word(try session.send("F2 36 00 ED 00 E0", 8), 4) == 0x412F_C230)
    #expect(try session.send("F2 35 F0 ED 00 E0 03 00 5F A0", 2) == [0x80, 0])
    #expect(session.word(try session.send("F2 36 F0 ED 00 E0", 8), 4) & 1 << 17 != 0)
    var random = SeededGenerator(seed: 20)
    let content = random.bytes(1024)
    try session.send("F2 08 00 01 00 20 00 04", data: content)
    #expect(try session.accessStatus().status == 0x80)
    #expect(try session.send("F2 07 00 01 00 20 00 04", 1024) == content)
    #expect(try session.send("F2 0C 03 01 00 20 05", 5) == Array(content[3..<8]))
    #expect(try session.send("F2 34 00 78 56 34 12", 2) == [0x80, 0])
    #expect(session.word(try session.send("F2 33 00", 8), 4) == 0x1234_5678)
  }

  @Test(arguments: ["v2-1", "v3"]) func `an address that nothing answers is a fault with its address`(probe: String)
    throws
  {
    let session = try BoardSession("nucleo-f207zg", probe: probe)
    try session.enter()
    try session.send("F2 36 00 ED 00 E0", 8)
    try session.send("F2 07 00 00 00 60 08", 8)
    #expect(try session.accessStatus() == (0x11, 0x6000_0000))
    #expect(try session.send("F2 36 00 ED 00 E0", 8)[0] == 0x80)
  }

  @Test func `open jumpers leave the voltage as it is and say 09`() throws {
    let session = try BoardSession("nucleo-f207zg")
    session.simulation.board.areJumpersClosed = false
    #expect(try session.enter() == [0x09, 0])
    let voltage = try session.send("F7", 8)
    #expect((3250...3350).contains(2400 * session.word(voltage, 4) / session.word(voltage, 0)))
  }

  @Test func `a word is programmed into flash and a block follows it at the flash's own pace`() throws {
    let session = try BoardSession("nucleo-f207zg", probe: "v3")
    try session.enter()
    for command in [
      "F2 35 F0 ED 00 E0 03 00 5F A0", "F2 35 04 3C 02 40 23 01 67 45", "F2 35 04 3C 02 40 AB 89 EF CD",
      "F2 35 10 3C 02 40 01 02 00 00",
    ] {
      #expect(try session.send(command, 2) == [0x80, 0])
    }
    var random = SeededGenerator(seed: 21)
    let content = random.bytes(2048)
    let time = try session.microseconds {
      try session.send("F2 08 00 00 00 08 00 08", data: content)
      try session.send("F2 3E", 12)
    }
    #expect(try session.accessStatus().status == 0x80)
    #expect(try session.send("F2 07 00 00 00 08 00 08", 2048) == content)
    // 512 words of about 16 us each: faster than that nobody programs.
    #expect(time > 512 * 12)
  }

  @Test func `a block into a flash that is erasing ends in WAIT`() throws {
    let session = try BoardSession("nucleo-f207zg", probe: "v3")
    try session.enter()
    for command in [
      "F2 35 F0 ED 00 E0 03 00 5F A0", "F2 35 04 3C 02 40 23 01 67 45", "F2 35 04 3C 02 40 AB 89 EF CD",
      "F2 35 10 3C 02 40 02 02 00 00", "F2 35 10 3C 02 40 02 02 01 00",
    ] {
      #expect(try session.send(command, 2) == [0x80, 0])
    }
    #expect(session.word(try session.send("F2 36 0C 3C 02 40", 8), 4) & 1 << 16 != 0)
    try session.send("F2 07 00 00 00 08 10", 16)
    let status = try session.accessStatus().status
    #expect([0x10, 0x14].contains(status), "\(status)")
  }

  @Test func `under reset the core is caught when NRST is let go`() throws {
    let session = try BoardSession("nucleo-f207zg")
    try Conversation(
      """
      F2 3C 00 -> 80 00
      F2 30 A3 -> 80 00
      F2 36 00 ED 00 E0 -> 80 00 xx xx 30 C2 2F 41
      F2 36 00 20 04 E0 -> 80 00 xx xx 11 64 xx xx
      F2 35 F0 ED 00 E0 01 00 5F A0 -> 80 00
      F2 35 FC ED 00 E0 01 00 00 01 -> 80 00
      F2 3C 01 -> 80 00
      """
    ).run(on: session)
    session.clock.wait(for: .milliseconds(10))
    let halted = session.word(try session.send("F2 36 F0 ED 00 E0", 8), 4)
    #expect(halted & 1 << 17 != 0)
    #expect(halted & 1 << 25 != 0)
    #expect(session.word(try session.send("F2 36 30 ED 00 E0", 8), 4) & 1 << 3 != 0)
  }
}
