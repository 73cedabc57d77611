import LinkInterface
import Testing

@testable import SimProbe

/// What a host gets over USB from a faulty bench: the bytes of the reports.
@Suite struct FaultBytesTests {
  /// A value that a failing command is to leave in its place.
  private static let stale: [UInt8] = [0x83, 0x04]

  @Test(arguments: [
    ["jumpers-open"], ["unpowered"], ["firmware=swd-reused", "nrst-open"],
  ])
  func `nothing on SWD is 09, and the probe's own product id where a chip id should be`(faults: [String]) throws {
    let session = try BoardSession("nucleo-f207zg", faults: faults)
    session.clock.advance(by: 10_000_000)
    try session.send("F1", 6)
    #expect(try session.enter() == [0x09, 0x00])
    try session.send("F1", 6)
    let reply = try session.send("F2 36 00 20 04 E0", 8)
    #expect(reply[0] != 0x80)
    // "unknown chip id! 0x374b": what st-flash 1.6 printed of it.
    #expect(Array(reply[4...5]) == [0x4B, 0x37])
  }

  @Test func `the voltage stays right when the jumpers are open, and falls with the supply`() throws {
    for (fault, range) in [
      ("jumpers-open", 3200...3400), ("unpowered", 0...20), ("unpowered=1400", 1380...1420),
    ] {
      let session = try BoardSession("nucleo-f207zg", faults: [fault])
      let reply = try session.send("F7", 8)
      let millivolts = Int(session.word(reply, 4)) * 2400 / Int(session.word(reply, 0))
      #expect(range.contains(millivolts), "\(fault): \(millivolts)")
    }
  }

  @Test func `firmware that takes the SWD pins is caught while NRST is low`() throws {
    let session = try BoardSession("nucleo-f411re", faults: ["firmware=swd-reused"])
    session.clock.advance(by: 10_000_000)
    #expect(try session.enter() == [0x09, 0])
    try session.send("F2 3C 00", 2)
    #expect(try session.send("F2 30 A3", 2) == [0x80, 0])
    try session.send("F2 35 F0 ED 00 E0 03 00 5F A0", 2)
    try session.send("F2 35 FC ED 00 E0 01 00 00 00", 2)
    try session.send("F2 3C 01", 2)
    session.clock.advance(by: 10_000_000)
    #expect(session.word(try session.send("F2 36 F0 ED 00 E0", 8), 4) & 1 << 17 != 0)
  }

  @Test func `NRST that is not wired is answered with done, and resets nothing`() throws {
    let session = try BoardSession("nucleo-f411re", faults: ["nrst-open"])
    try session.enter()
    try session.send("F2 36 F0 ED 00 E0", 8)
    #expect(try session.send("F2 3C 00", 2) == [0x80, 0])
    #expect(session.word(try session.send("F2 36 F0 ED 00 E0", 8), 4) & 1 << 25 == 0)
  }

  @Test func `an erase without VCAP capacitors takes the chip down`() throws {
    let session = try BoardSession("nucleo-f412zg", faults: ["vcap-missing"])
    let flash = session.simulation.board.chip.flash
    flash.main.fill(0..<0x4000, with: 0)
    try session.enter()
    try session.send("F2 35 F0 ED 00 E0 03 00 5F A0", 2)
    for key in ["23 01 67 45", "AB 89 EF CD"] { try session.send("F2 35 04 3C 02 40 \(key)", 2) }
    #expect(try session.send("F2 35 10 3C 02 40 02 02 01 00", 2) == [0x80, 0])
    session.clock.advance(by: 5_000_000)
    #expect(try session.send("F2 36 0C 3C 02 40", 8)[0] == 0x12)
    #expect(try session.enter() == [0x80, 0])
    #expect(session.word(try session.send("F2 36 10 3C 02 40", 8), 4) == 0x8000_0000, "locked again")
    let torn = flash.main.contents(0..<0x4000)
    #expect(torn.contains { $0 != 0xFF } && torn.contains { $0 != 0 })
  }

  @Test func `a fault waits for its command, transfer, operation, time and address`() throws {
    for moment in ["command=3", "transfer=5", "time=3ms"] {
      let session = try BoardSession("nucleo-f412zg", faults: ["jumpers-open@\(moment)"])
      let board = session.simulation.board
      try session.send("F1", 6)
      try session.send("F2 30 A3", 2)
      #expect(board.areJumpersClosed)
      session.clock.advance(by: moment == "time=3ms" ? 3_000_000 : 0)
      try session.send("F2 36 00 ED 00 E0", 8)
      #expect(!board.areJumpersClosed, "\(moment)")
    }
    for moment in ["operation=erase:2", "address=0x08004100"] {
      let session = try BoardSession("nucleo-f412zg", faults: ["jumpers-open@\(moment)"])
      let board = session.simulation.board
      for (sector, isClosed) in [(0, true), (1, false)] as [(UInt32, Bool)] {
        let flash = board.chip.flash
        _ = flash.writeRegister(at: 0x04, 0x4567_0123, .word, now: session.clock.nanoseconds)
        _ = flash.writeRegister(at: 0x04, 0xCDEF_89AB, .word, now: session.clock.nanoseconds)
        _ = flash.writeRegister(at: 0x10, 0x1_0202 | sector << 3, .word, now: session.clock.nanoseconds)
        session.clock.advance(by: 150_000_000)
        board.chip.synchronise()
        #expect(board.areJumpersClosed == isClosed, "\(moment), sector \(sector)")
        session.clock.advance(by: 150_000_000)
        board.chip.synchronise()
      }
    }
  }
}
