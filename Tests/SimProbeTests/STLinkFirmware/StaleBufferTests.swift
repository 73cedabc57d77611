import Testing

@testable import SimProbe

/// The static reply buffer, whose old bytes hosts have taken for chip ids (docs/simulated-probe.md, "Replies").
@Suite struct StaleBufferTests {
  @Test func `bytes 2 and 3 of a register reply come from the memory data before`() throws {
    let bench = try ProbeBench("v2:V2J16S0")
    try bench.enter()
    bench.target.put(hex("16 64 18 10"), at: 0x2000_0000)
    try bench.send("F2 07 00 00 00 20 04", 4)
    try bench.send("F2 3E", 12)
    #expect(Array(try bench.send("F2 36 00 ED 00 E0", 8)[0..<4]) == hex("80 00 18 10"))
    try bench.send("F2 08 00 00 00 20 04", data: hex("00 00 00 01"))
    #expect(Array(try bench.send("F2 36 00 ED 00 E0", 8)[0..<4]) == hex("80 00 00 01"))
  }

  @Test(arguments: [("v2", 0x3748), ("v2-1", 0x374B), ("3752", 0x3752)])
  func `a failed register read shows the product id of the version reply`(name: String, id: UInt32) throws {
    let bench = try ProbeBench(name)
    bench.target.isPresent = false
    try bench.enter()
    try bench.send("F1", 6)
    let reply = try bench.send("F2 36 00 20 04 E0", 8)
    #expect(reply[0] == 0x12)
    #expect(bench.word(reply, 4) == id)
  }

  @Test func `a failing block keeps the old bytes from the fault on`() throws {
    let bench = try ProbeBench()
    try bench.enter()
    try bench.send("F2 36 00 ED 00 E0", 8)
    bench.target.put([UInt8](repeating: 0xAA, count: 16), at: 0x2000_0000)
    bench.target.put([UInt8](repeating: 0xBB, count: 16), at: 0x2000_0100)
    try bench.send("F2 07 00 00 00 20 10", 16)
    bench.target.faults = [0x2000_0108..<0x2000_0110]
    let reply = try bench.send("F2 07 00 01 00 20 10", 16)
    #expect(reply == [UInt8](repeating: 0xBB, count: 8) + [UInt8](repeating: 0xAA, count: 8))
  }
}
