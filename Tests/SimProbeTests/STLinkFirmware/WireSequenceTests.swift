import Testing

@testable import SimProbe

/// What the firmware puts on the wire for each command (docs/simulated-probe.md, "Time").
@Suite struct WireSequenceTests {
  private func logged(_ name: String, _ work: (ProbeBench) throws -> Void) throws -> [SWDPacket] {
    let bench = try ProbeBench(name)
    try bench.enter()
    try bench.send("F2 36 00 ED 00 E0", 8)
    bench.target.isLogging = true
    try work(bench)
    return bench.target.log
  }

  private let data = SWDPacket.read(.access, 0xC)
  private let buffer = SWDPacket.read(.debug, 0xC)
  private let status = SWDPacket.read(.debug, 0x4)

  private func address(_ value: UInt32) -> SWDPacket { .write(.access, 0x4, value) }
  private func select(_ value: UInt32) -> SWDPacket { .write(.debug, 0x8, value) }

  @Test func `ENTER resets the line, switches to SWD, powers up and identifies access port 0`() throws {
    let bench = try ProbeBench("v2-1")
    bench.target.isLogging = true
    try bench.send("F2 30 A3", 2)
    #expect(bench.target.lineResets == 2)
    #expect(bench.target.sequences == [0xE79E])
    #expect(
      bench.target.log == [
        .read(.debug, 0x0), .read(.debug, 0x4), .write(.debug, 0x4, 0x5000_0000), .read(.debug, 0x4),
        select(0xF0), .read(.access, 0xC), .read(.access, 0x8), buffer,
      ])
  }

  @Test func `EXIT switches to JTAG between two line resets and touches nothing else`() throws {
    let bench = try ProbeBench()
    try bench.enter()
    bench.target.isLogging = true
    try bench.send("F2 21")
    #expect(bench.target.lineResets == 4)
    #expect(bench.target.sequences == [0xE79E, 0xE73C])
    #expect(bench.target.log.isEmpty)
    #expect(bench.target.resetEdges.isEmpty)
  }

  @Test(arguments: ["v2-old", "v2", "v3"]) func `a single word is read through TAR, DRW and RDBUFF`(name: String) throws
  {
    let log = try logged(name) { try $0.send("F2 36 00 20 04 E0", 8) }
    #expect(log == [address(0xE004_2000), data, buffer])
  }

  @Test(arguments: ["v2-old", "v2", "v3"]) func `a single word is written and CTRL-STAT looked at`(name: String) throws
  {
    let log = try logged(name) { try $0.send("F2 35 04 20 04 E0 07 00 00 00", 2) }
    #expect(log == [address(0xE004_2004), .write(.access, 0xC, 7), status])
  }

  @Test func `old firmware reads 16 aligned bytes through the banked data registers`() throws {
    let log = try logged("v2-old") { try $0.send("F2 07 00 00 00 20 14", 20) }
    #expect(
      log == [
        address(0x2000_0000), select(0x10), .read(.access, 0x0), .read(.access, 0x4), .read(.access, 0x8),
        .read(.access, 0xC), buffer,
        select(0x00), address(0x2000_0010), data, buffer,
      ])
  }

  @Test func `newer firmware reads a block with one packet a word and sets TAR anew at 1 KiB`() throws {
    let log = try logged("v2") { try $0.send("F2 07 F8 03 00 20 10", 16) }
    #expect(
      log == [address(0x2000_03F8), data, data, buffer, address(0x2000_0400), data, data, buffer])
  }

  @Test func `newer firmware writes a block with one packet a word across USB packets`() throws {
    let log = try logged("v2") { try $0.send("F2 08 00 00 00 20 48", data: [UInt8](repeating: 0, count: 72)) }
    #expect(log.count == 1 + 18 + 1)
    #expect(log.first == address(0x2000_0000))
    #expect(log.last == status)
  }

  @Test func `CSW is written only when it changes`() throws {
    let log = try logged("v2-old") { bench in
      try bench.send("F2 07 00 00 00 20 04", 4)
      try bench.send("F2 0C 00 00 00 20 02", 2)
      try bench.send("F2 0C 00 00 00 20 02", 2)
      try bench.send("F2 07 00 00 00 20 04", 4)
    }
    let controls = log.filter { $0.port == .access && $0.register == 0 }.compactMap(\.writeData)
    #expect(controls == [0x2300_0000, 0x2300_0002])
  }

  @Test func `a host's CSW bits are used from J32 on and ignored before`() throws {
    let command = "F2 07 00 00 00 20 04 00 00 00 00 A2"
    let newer = try logged("v2") { try $0.send(command, 4) }
    #expect(newer.contains(.write(.access, 0x0, 0xA200_0012)))
    let older = try logged("v2:V2J29S7") { try $0.send(command, 4) }
    #expect(!older.contains { $0.port == .access && $0.register == 0 })
  }

  @Test func `a host's own CSW makes the firmware write its own again`() throws {
    let log = try logged("v2") { bench in
      try bench.send("F2 46 00 00 00 00 40 00 00 6F", 2)
      try bench.send("F2 07 00 00 00 20 04", 4)
    }
    #expect(log.contains(.write(.access, 0x0, 0x2300_0012)))
  }

  @Test func `writes without increment stay on one address`() throws {
    let bench = try ProbeBench()
    try bench.enter()
    try bench.send("F2 35 00 00 00 20 00 00 00 00", 2)
    try bench.send("F2 50 00 00 00 20 0C", data: hex("01 00 00 00 02 00 00 00 03 00 00 00"))
    #expect(bench.target.bytes(at: 0x2000_0000, 8) == [3, 0, 0, 0, 0, 0, 0, 0])
    #expect(try bench.send("F2 54 00 00 00 20 08", 8) == [3, 0, 0, 0, 3, 0, 0, 0])
  }
}
