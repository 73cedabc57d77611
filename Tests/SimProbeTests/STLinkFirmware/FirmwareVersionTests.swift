import LinkInterface
import Testing

@testable import SimProbe

/// What each version has and lacks, and its known faults (docs/simulated-probe.md, "Versions").
@Suite struct FirmwareVersionTests {
  @Test(arguments: [
    ("V2J37S7", "V2J37S7"), ("v2j28m17", "V2J28M17"), ("V3J9M3B5S1", "V3J9M3B5S1"), ("V4J2B1P1", "V4J2B1P1"),
    ("V2J24", "V2J24"),
  ])
  func `a version is read and written`(text: String, written: String) {
    #expect(ProbeVersion(text: text)?.text == written)
  }

  @Test(arguments: ["", "V", "2J37", "V2", "J37", "V2J", "V2J37S", "V2J37X1", "V2J999", "V2V2J1", "V2J-1", "VJ1"])
  func `what is no version is refused`(text: String) {
    #expect(ProbeVersion(text: text) == nil)
  }

  /// A command, its reply's length, and the last level without and the first level with it.
  @Test(arguments: [
    ("F2 3E", 12, 14, 15), ("F2 43 01", 2, 21, 22), ("F2 44 04", 2, 23, 24), ("F2 45 FF FF 04", 8, 23, 24),
    ("F2 4B 00 00", 2, 27, 28), ("F2 56", 128, 35, 36),
  ])
  func `a command comes with its level`(command: String, count: Int, without: Int, with: Int) throws {
    let older = try ProbeBench("v2:V2J\(without)S1")
    try older.enter()
    #expect([0x08, 0x42].contains(try older.send(command, 2)[0]))
    let newer = try ProbeBench("v2:V2J\(with)S1")
    try newer.enter()
    #expect(try newer.send(command, count)[0] == 0x80)
  }

  @Test func `before J13 there is no voltage and before J26 there are no halfwords`() throws {
    #expect(try ProbeBench("v2-1:V2J12").isSilent("F7"))
    let bench = try ProbeBench("v2:V2J25S1")
    try bench.enter()
    #expect(try bench.send("F2 47 00 00 00 20 02", 2) == [0x08, 0])
  }

  @Test func `V2 lacks the commands of V3, and V3 the divisors`() throws {
    let old = try ProbeBench("v2-1")
    #expect(old.isSilent("FB"))
    #expect(try old.send("F2 62 00", 2) == [0x42, 0])
    #expect(try ProbeBench("v3").send("F2 43 01", 2) == [0x42, 0])
  }

  @Test func `CLOSE_AP fails on J28 alone`() throws {
    for (name, status) in [("v2-1-old", 0x1D), ("v2-1:V2J29M18", 0x80), ("v2", 0x80)] as [(String, UInt8)] {
      let bench = try ProbeBench(name)
      try bench.enter()
      #expect(try bench.send("F2 4B 00 00", 2) == [0x80, 0])
      #expect(try bench.send("F2 4C 00", 2) == [status, 0])
    }
  }

  @Test func `access-port numbers are limited from J29 on`() throws {
    for (name, last) in [("v2-1:V2J29M18", 3), ("v2", 8), ("v3", 8)] as [(String, Int)] {
      let bench = try ProbeBench(name)
      try bench.enter()
      #expect(try bench.send("F2 4B 0\(last) 00", 2) == [0x80, 0])
      #expect(try bench.send("F2 4B 0\(last + 1) 00", 2) == [0x1D, 0])
      #expect(try bench.send("F2 45 0\(last + 1) 00 FC", 8)[0] == 0x1D)
      let missing = try bench.send("F2 45 01 00 FC", 8)
      #expect(missing[0] == 0x80)
      #expect(bench.word(missing, 4) == 0)
    }
  }

  @Test func `from J37 on memory commands want an open access port`() throws {
    let bench = try ProbeBench("v2")
    try bench.enter()
    try bench.send("F2 07 00 ED 00 E0 04", 4)
    #expect(try bench.accessStatus().status == 0x1D)
    try bench.send("F2 4B 00 00", 2)
    #expect(try bench.send("F2 07 00 ED 00 E0 04", 4) == hex("41 C2 0F 41"))
    try bench.send("F2 4C 00", 2)
    try bench.send("F2 07 00 ED 00 E0 04", 4)
    #expect(try bench.accessStatus().status == 0x1D)
    try bench.send("F2 36 00 ED 00 E0", 8)
    #expect(try bench.send("F2 07 00 ED 00 E0 04", 4) == hex("41 C2 0F 41"))
  }

  @Test func `before J37, or where the rule is switched off, they do not`() throws {
    let older = try ProbeBench("v2-1:V2J36M26")
    try older.enter()
    #expect(try older.send("F2 07 00 ED 00 E0 04", 4) == hex("41 C2 0F 41"))
    let lax = try ProbeBench("v2") { $0.refusesUnopenedPorts = false }
    try lax.enter()
    #expect(try lax.send("F2 07 00 ED 00 E0 04", 4) == hex("41 C2 0F 41"))
  }

  @Test func `a V3J15 that is told to leave debug mode while idle answers no more until it is plugged in anew`() throws
  {
    let bench = try ProbeBench("v3:V3J15M6")
    #expect(bench.isSilent("F2 21"))
    #expect(bench.isSilent("F5"))
    try bench.probe.reset()
    #expect(bench.isSilent("F5"))
    #expect(!(try ProbeBench("v3:V3J9M3").isSilent("F5")))
  }

  @Test func `a V3 that is given an empty transfer hangs, a V2 goes on`() throws {
    let young = try ProbeBench("v3")
    try young.enter()
    try young.send("F2 07 00 00 00 20 00")
    #expect(young.isSilent("F5"))
    let old = try ProbeBench("v2")
    try old.enter()
    try old.send("F2 08 00 00 00 20 00")
    #expect(try old.send("F5", 2)[0] == 2)
  }

  @Test(arguments: [("v2", 64), ("v3:V3J7M3", 512)]) func `byte transfers beyond the limit are refused`(
    name: String, limit: Int
  ) throws {
    let bench = try ProbeBench(name)
    try bench.enter()
    try bench.send("F2 36 00 ED 00 E0", 8)
    let low = { (count: Int) in "\(String(count & 0xFF, radix: 16)) \(String(count >> 8, radix: 16))" }
    #expect(try bench.send("F2 0C 00 00 00 20 \(low(limit))", limit).count == limit)
    #expect(try bench.accessStatus().status == 0x80)
    #expect(try bench.send("F2 0C 00 00 00 20 \(low(limit + 1))", limit + 1).count == limit + 1)
    #expect(try bench.accessStatus().status == 0x08)
    try bench.send("F2 0D 00 00 00 20 \(low(limit + 1))", data: [UInt8](repeating: 1, count: limit + 1))
    #expect(try bench.accessStatus().status == 0x08)
    #expect(bench.target.bytes(at: 0x2000_0000, 4) == [0, 0, 0, 0])
  }

  @Test func `a V3 before J6 crashes on long byte transfers`() throws {
    let bench = try ProbeBench("v3:V3J5M2")
    try bench.enter()
    try bench.send("F2 36 00 ED 00 E0", 8)
    try bench.send("F2 0C 00 00 00 20 41")
    #expect(bench.isSilent("F5"))
  }

  @Test func `a read beyond 6144 bytes brings no more than the buffer holds`() throws {
    let bench = try ProbeBench()
    try bench.enter()
    try bench.send("F2 36 00 ED 00 E0", 8)
    #expect(try bench.send("F2 07 00 00 00 20 00 18", 6144).count == 6144)
    #expect(throws: LinkError.self) { try bench.send("F2 07 00 00 00 20 04 18", 6148) }
    #expect(try bench.accessStatus().status == 0x08)
  }

  @Test func `unaligned accesses say 0A`() throws {
    let bench = try ProbeBench()
    try bench.enter()
    #expect(try bench.send("F2 36 02 00 00 20", 8)[0] == 0x0A)
    #expect(try bench.send("F2 35 01 00 00 20", 2) == [0x0A, 0])
    for command in ["F2 07 02 00 00 20 04", "F2 07 00 00 00 20 06", "F2 47 01 00 00 20 02", "F2 47 00 00 00 20 03"] {
      try bench.send(command, command.hasSuffix("06") ? 6 : Int(command.suffix(1)) ?? 0)
      #expect(try bench.accessStatus().status == 0x0A, "\(command)")
    }
  }
}
