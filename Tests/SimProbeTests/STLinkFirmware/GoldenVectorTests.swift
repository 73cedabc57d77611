import Testing

@testable import SimProbe

/// Commands and replies that are known byte for byte.
@Suite struct GoldenVectorTests {
  @Test func `a V2J37S7 names its version`() throws {
    #expect(try ProbeBench("v2").send("F1", 6) == hex("29 47 83 04 48 37"))
  }

  @Test func `a V3J7M3 names its version in long`() throws {
    let bench = try ProbeBench("v3:V3J7M3B0S1")
    #expect(try bench.send("F1", 6) == hex("30 00 83 04 4E 37"))
    #expect(try bench.send("FB", 12) == hex("03 01 07 03 00 00 00 00 83 04 4E 37"))
  }

  @Test(arguments: [
    ("v2:V2J16S0", "24 00 83 04 48 37"), ("v2-1", "29 5B 83 04 4B 37"), ("v2:V2J14S0", "23 80 83 04 48 37"),
  ])
  func `versions pack into two bytes`(name: String, reply: String) throws {
    #expect(try ProbeBench(name).send("F1", 6) == hex(reply))
  }

  @Test func `a fresh V2 is in DFU mode and leaves it without an answer`() throws {
    let bench = try ProbeBench()
    #expect(try bench.send("F5", 2) == hex("00 01"))
    #expect(bench.isSilent("F3 07"))
    #expect(try bench.send("F5", 2) == hex("01 00"))
  }

  @Test func `the voltage of 2894 mV reads as it was recorded`() throws {
    let bench = try ProbeBench()
    try bench.send("F3 07")
    bench.target.referenceMillivolts = 2894
    for _ in 0..<50 {
      let reply = try bench.send("F7", 8)
      #expect(bench.word(reply, 0) == 1691)
      #expect((2039 - 7...2039 + 7).contains(bench.word(reply, 4)))
    }
  }

  @Test func `clock divisors of a V2 are taken`() throws {
    let bench = try ProbeBench()
    try bench.send("F3 07")
    #expect(try bench.send("F2 43 01 00", 2) == hex("80 00"))
    #expect(try bench.send("F2 43 1E 03", 2) == hex("80 00"))
  }

  @Test func `the clock of a V3 is set and listed in kHz`() throws {
    let bench = try ProbeBench("v3set")
    #expect(
      try bench.send("F2 62 00", 52)
        == hex(
          "80 00 00 00 E4 0C 00 00 07 00 00 00 C0 5D 00 00 40 1F 00 00 E4 0C 00 00 E8 03 00 00 C8 00 00 00 32 00 00 00 05"
        )
        + Array(repeating: 0, count: 15))
    #expect(try bench.send("F2 61 00 00 E8 03 00 00", 8) == hex("80 00 00 00 E8 03 00 00"))
  }

  @Test func `a debug session answers byte for byte`() throws {
    let bench = try ProbeBench()
    try bench.send("F3 07")
    #expect(try bench.send("F2 30 A3", 2) == hex("80 00"))
    #expect(try bench.send("F2 4B 00 00", 2) == hex("80 00"))
    let codes = try bench.send("F2 31", 12)
    #expect(codes[0..<2] == [0x80, 0])
    #expect(Array(codes[4...]) == hex("77 14 A0 2B 00 00 00 00"))
    #expect(try bench.send("F2 35 F0 ED 00 E0 03 00 5F A0", 2) == hex("80 00"))
    let halted = try bench.send("F2 36 F0 ED 00 E0", 8)
    #expect(halted[0..<2] == [0x80, 0])
    #expect(bench.word(halted, 4) & 0x0203_0003 == 0x0203_0003)
    #expect(try bench.send("F2 07 00 ED 00 E0 04 00", 4) == hex("41 C2 0F 41"))
    #expect(try bench.send("F2 3E", 12) == hex("80 00") + Array(repeating: 0, count: 10))
    try bench.send("F2 08 FC ED 00 E0 04 00", data: hex("00 00 00 01"))
    #expect(try bench.send("F2 07 FC ED 00 E0 04 00 00 00 00 23", 4) == hex("00 00 00 01"))
    #expect(try bench.send("F2 47 22 7A FF 1F 02 00", 2) == hex("00 04"))
    #expect(try bench.send("F2 34 00 30 00 00 20", 2) == hex("80 00"))
    #expect(bench.word(try bench.send("F2 33 00", 8), 4) == 0x2000_0030)
    #expect(bench.word(try bench.send("F2 45 00 00 FC", 8), 4) == 0x2477_0011)
    #expect(bench.word(try bench.send("F2 45 FF FF 04", 8), 4) == 0xF000_0040)
    #expect(try bench.send("F2 46 FF FF 04 00 20 00 00 50", 2) == hex("80 00"))
    #expect(try bench.send("F2 46 FF FF 00 00 1E", 2) == hex("80 00"))
    #expect(try bench.send("F2 3C 00", 2) == hex("80 00"))
    #expect(try bench.send("F2 3C 01", 2) == hex("80 00"))
    #expect(try bench.send("F2 40 00 10 80 84 1E 00", 2) == hex("80 00"))
    #expect(bench.isSilent("F2 21"))
    #expect(try bench.send("F5", 2)[0] == 1)
  }

  @Test func `a list of single-word accesses answers results, then statuses`() throws {
    let bench = try ProbeBench()
    try bench.enter()
    try bench.send("F2 35 F0 ED 00 E0 03 00 5F A0", 2)
    try bench.send("F2 3C 01", 2)
    try bench.send("F2 36 F0 ED 00 E0", 8)
    try bench.send(
      "F2 51 04 00 00 00", data: hex("05 01 02 03 00 00 00 00 F8 ED 00 E0 00 00 00 00 F0 ED 00 E0"))
    let reply = try bench.send("F2 52", 32)
    #expect(Array(reply[..<12]) == Array(repeating: 0, count: 12))
    #expect(reply[12..<16] == [3, 0, 3, 0])
    #expect(
      Array(reply[16...]) == Array([[0x80, 0, 0, 0], [0x80, 0, 0, 0], [0x80, 0, 0, 0], [0x80, 0, 0, 0]].joined()))
  }
}
