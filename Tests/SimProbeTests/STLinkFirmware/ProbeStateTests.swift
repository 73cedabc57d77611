import LinkInterface
import Testing

@testable import SimProbe

/// What a probe keeps and what it forgets (docs/simulated-probe.md, "Modes").
@Suite struct ProbeStateTests {
  @Test(arguments: [("v2", 0), ("v2-1", 1), ("v3", 1), ("374D", 4)])
  func `a probe powers up in its own mode`(name: String, mode: UInt8) throws {
    #expect(try ProbeBench(name).send("F5", 2)[0] == mode)
  }

  @Test func `a loader names its version and does nothing else`() throws {
    let bench = try ProbeBench("374D")
    #expect(try bench.send("FB", 12)[0] == 3)
    #expect(bench.isSilent("F2 30 A3"))
    #expect(bench.isSilent("F7"))
  }

  @Test func `mode, clock and NRST survive closing and opening`() throws {
    let bench = try ProbeBench("v3")
    try bench.send("F2 61 00 00 C8 00 00 00", 8)
    try bench.send("F2 3C 00", 2)
    try bench.enter()
    bench.probe.close()
    let again = SimulatedProbe(device: bench.device)
    let mode = try again.perform(
      [.bulkOut(bench.output, bench.block("F5")), .bulkIn(bench.input, byteCount: 2)], within: .seconds(1))[1]
    #expect(mode[0] == 2)
    let clock = try again.perform(
      [.bulkOut(bench.output, bench.block("F2 62")), .bulkIn(bench.input, byteCount: 52)], within: .seconds(1))[1]
    #expect(bench.word(clock, 4) == 200)
    #expect(bench.target.resetEdges == [true])
  }

  @Test func `they survive a USB reset too`() throws {
    let bench = try ProbeBench()
    try bench.enter()
    try bench.probe.reset()
    #expect(try bench.send("F5", 2)[0] == 2)
    #expect(try bench.send("F2 36 00 ED 00 E0", 8)[0] == 0x80)
  }

  @Test func `padding in a command block is ignored, and a short block is filled up`() throws {
    let bench = try ProbeBench()
    let padded = hex("F5 80") + [UInt8](repeating: 0xEE, count: 14)
    let replies = try bench.probe.perform(
      [.bulkOut(bench.output, padded), .bulkIn(bench.input, byteCount: 2)], within: .seconds(1))
    #expect(replies[1] == [0, 1])
    let short = try bench.probe.perform(
      [.bulkOut(bench.output, [0xF5]), .bulkIn(bench.input, byteCount: 2)], within: .seconds(1))
    #expect(short[1] == [0, 1])
  }

  @Test func `SWIM mode is entered and left, and its status says that nothing answers`() throws {
    let bench = try ProbeBench("v3")
    try bench.send("F4 00")
    #expect(try bench.send("F5", 2)[0] == 3)
    #expect(try bench.send("F4 09", 4) == [4, 0, 0, 0])
    try bench.send("F4 01")
    #expect(try bench.send("F5", 2)[0] == 1)
  }

  @Test func `an NRST pulse goes low and high again`() throws {
    let bench = try ProbeBench("v2-1")
    #expect(try bench.send("F2 3C 02", 2) == [0x80, 0])
    #expect(bench.target.resetEdges == [true, false])
    #expect(try bench.send("F2 3C 07", 2) == [0x08, 0])
  }

  @Test func `the prescaler of a V3 changes the list and the clock in use`() throws {
    let bench = try ProbeBench("v3set")
    try bench.send("F2 61 00 00 C0 5D 00 00", 8)
    #expect(try bench.send("F2 63 02", 8)[0] == 0x40)
    let list = try bench.send("F2 62 00", 52)
    #expect(bench.word(list, 4) == 12_000)
    #expect(bench.word(list, 8) == 6)
    #expect(bench.word(list, 12) == 12_000)
    #expect(try bench.send("F2 63 03", 8)[0] == 0x41)
    #expect(try bench.send("F2 61 05 00 E8 03 00 00", 8)[0] == 0x41)
    #expect(bench.word(try bench.send("F2 61 00 00 01 00 00 00", 8), 4) == 50)
  }

  @Test func `a wish between two clocks of a V3 gives the one below`() throws {
    let bench = try ProbeBench("v3")
    #expect(bench.word(try bench.send("F2 61 00 00 08 07 00 00", 8), 4) == 1000)
    #expect(bench.word(try bench.send("F2 61 00 00 FF FF 00 00", 8), 4) == 24_000)
  }

  @Test func `a register that reads otherwise than it was written says 0D`() throws {
    let bench = try ProbeBench()
    try bench.enter()
    #expect(try bench.send("F2 34 0F 01 00 00 20", 2) == [0x0D, 0])
    #expect(bench.word(try bench.send("F2 33 0F", 8), 4) == 0x2000_0000)
  }

  @Test func `all registers come in 88 bytes in their order`() throws {
    let bench = try ProbeBench()
    try bench.enter()
    for index in 0..<21 where index != 15 {
      let register = String(index, radix: 16)
      try bench.send("F2 34 \(register) \(register) 00 00 5A", 2)
    }
    let reply = try bench.send("F2 3A", 88)
    for index in 0..<21 where index != 15 {
      #expect(bench.word(reply, 4 + 4 * index) == 0x5A00_0000 | UInt32(index))
    }
  }

  @Test func `floating-point registers came with J15`() throws {
    let bench = try ProbeBench("v2:V2J14S0")
    try bench.enter()
    #expect(try bench.send("F2 33 21", 8)[0] == 0x08)
    #expect(try bench.send("F2 34 40 00 00 00 00", 2) == [0x08, 0])
  }

  @Test func `a list of 64 items is carried out, a longer one is thrown away`() throws {
    let bench = try ProbeBench()
    try bench.enter()
    let codes = [UInt8](repeating: 3, count: 64)
    let addresses = (0..<64).flatMap { index -> [UInt8] in [UInt8(index * 4), 0, 0, 0x20] }
    bench.target.put([0xEF, 0xBE, 0xAD, 0xDE], at: 0x2000_00FC)
    try bench.send("F2 51 40", data: codes + addresses)
    let reply = try bench.send("F2 52", 512)
    #expect(bench.word(reply, 63 * 4) == 0xDEAD_BEEF)
    #expect((64..<128).allSatisfy { bench.word(reply, 4 * $0) == 0x80 })
    try bench.send("F2 51 41", data: [UInt8](repeating: 3, count: 68 + 65 * 4))
    #expect(bench.isSilent("F2 52"))
  }

  @Test func `an item that fails has its own status`() throws {
    let bench = try ProbeBench()
    try bench.enter()
    try bench.send(
      "F2 51 06",
      data: hex("03 03 01 02 09 05 00 00")
        + hex("00 00 00 60 00 ED 00 E0 10 00 00 20 78 56 34 12 00 00 00 00 09 00 00 00"))
    let reply = try bench.send("F2 52", 48)
    #expect((6..<12).map { bench.word(reply, 4 * $0) } == [0x11, 0x80, 0x80, 0x80, 0x08, 0x1D])
    #expect(bench.word(reply, 4) == 0x410F_C241)
    #expect(bench.target.bytes(at: 0x2000_0010, 4) == [0x78, 0x56, 0x34, 0x12])
  }

  @Test func `trace is refused where the firmware cannot follow`() throws {
    let bench = try ProbeBench("v2-1")
    #expect(try bench.send("F2 40 00 10 00 09 3D 00", 2) == [0x20, 0])
    #expect(try bench.send("F2 40 00 10 80 84 1E 00", 2) == [0x80, 0])
    #expect(try bench.send("F2 42", 2) == [0, 0])
  }

  @Test(arguments: [0, 20, 1200, 3300, 5000]) func `the voltage reads as what is on the pin`(millivolts: Int) throws {
    let bench = try ProbeBench("v3")
    bench.target.referenceMillivolts = millivolts
    let reply = try bench.send("F7", 8)
    let read = 2400 * Int(bench.word(reply, 4)) / Int(bench.word(reply, 0))
    #expect(abs(read - millivolts) <= 12)
  }
}
