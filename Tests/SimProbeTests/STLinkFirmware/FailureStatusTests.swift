import Basics
import LinkInterface
import Testing

@testable import SimProbe

/// What the probe answers when things fail (docs/simulated-probe.md, "Failures").
@Suite struct FailureStatusTests {
  private let missing = "F2 07 00 00 00 60 08"

  private func bench(_ name: String = "v2") throws -> ProbeBench {
    let bench = try ProbeBench(name)
    try bench.enter()
    try bench.send("F2 36 00 ED 00 E0", 8)
    return bench
  }

  @Test(arguments: [("v2", 0x12), ("v2:V2J14S0", 0x08), ("v3", 0x12)])
  func `without a target ENTER says 09 and the mode becomes debug all the same`(name: String, later: UInt8) throws {
    let bench = try ProbeBench(name)
    bench.target.isPresent = false
    #expect(try bench.enter() == [0x09, 0])
    #expect(try bench.send("F5", 2)[0] == 2)
    #expect(try bench.send("F2 31", 12)[0] == 0x09)
    #expect(try bench.send("F2 36 00 ED 00 E0", 8)[0] == later)
    #expect(try bench.send("F2 35 F0 ED 00 E0 03 00 5F A0", 2) == [later, 0])
    try bench.send("F2 07 00 ED 00 E0 04", 4)
    let status = try bench.send(name == "v2:V2J14S0" ? "F2 3B" : "F2 3E", name == "v2:V2J14S0" ? 2 : 12)
    #expect(status[0] == later)
    #expect(try bench.send("F2 32", 2)[0] == 0x09)
  }

  @Test func `DAP registers of a target that fell silent say 12 and 16`() throws {
    let bench = try bench()
    bench.target.isPresent = false
    #expect(try bench.send("F2 45 FF FF 04", 8)[0] == 0x16)
    #expect(try bench.send("F2 45 00 00 0C", 8)[0] == 0x12)
  }

  @Test func `a lost target answers again after a new ENTER`() throws {
    let bench = try bench()
    bench.target.isPresent = false
    #expect(try bench.send("F2 36 00 ED 00 E0", 8)[0] == 0x12)
    bench.target.isPresent = true
    #expect(try bench.send("F2 30 A3", 2) == [0x80, 0])
    #expect(try bench.send("F2 36 00 ED 00 E0", 8)[0] == 0x80)
  }

  @Test func `a debug domain that does not power up says 0B`() throws {
    let bench = try ProbeBench()
    bench.target.hasPower = false
    #expect(try bench.enter() == [0x0B, 0])
  }

  @Test(arguments: [("v2:V2J14S0", 0x04), ("v2", 0x05)])
  func `JTAG finds nothing, and reset and register commands say so`(name: String, status: UInt8) throws {
    let bench = try ProbeBench(name)
    try bench.send("F3 07")
    #expect(try bench.send("F2 30 00", 2) == [status, 0])
    #expect(bench.target.resetEdges == [true, false])
    #expect(try bench.send("F2 32", 2) == [status, 0])
    #expect(try bench.send("F5", 2)[0] == 2)
    #expect(try bench.send("F2 35 F0 ED 00 E0 03 00 5F A0", 2)[0] == (name == "v2" ? 0x12 : 0x08))
    #expect(try bench.send("F2 30 A4", 2) == [status, 0])
    #expect(bench.target.resetEdges.count == 2)
  }

  @Test(arguments: ["v2", "v2-1-old", "v3"]) func `a bus error delivers the bytes, says 11 and names the address`(
    name: String
  ) throws {
    let bench = try bench(name)
    bench.target.faults = [0x2000_0108..<0x2000_010C]
    #expect(try bench.send("F2 07 00 01 00 20 20", 32).count == 32)
    let (status, address) = try bench.accessStatus()
    #expect(status == 0x11)
    #expect(address == 0x2000_0108)
    #expect(try bench.accessStatus().status == 0x11)
    try bench.send("F2 07 00 00 00 20 04", 4)
    #expect(try bench.accessStatus().status == 0x80)
  }

  @Test func `old firmware says 01 for a bus error`() throws {
    let bench = try bench("v2-old")
    try bench.send(missing, 8)
    #expect(try bench.accessStatus().status == 0x01)
    #expect(try bench.send("F2 36 00 00 00 60", 8)[0] == 0x01)
  }

  @Test(arguments: ["v2", "v2:V2J29S7", "v3"], [1, 2, 4]) func `a write that faults names the address and stops there`(
    name: String, width: Int
  ) throws {
    let bench = try bench(name)
    bench.target.faults = [0x2000_0010..<0x2000_0014]
    let opcode = [1: "0D", 2: "48", 4: "08"][width] ?? ""
    try bench.send("F2 \(opcode) 00 00 00 20 20", data: [UInt8](repeating: 0x77, count: 32))
    let (status, address) = try bench.accessStatus()
    #expect(status == 0x11)
    #expect(address == 0x2000_0010)
    #expect(bench.target.bytes(at: 0x2000_0014, 12) == [UInt8](repeating: 0, count: 12))
    #expect(try bench.send("F2 36 00 ED 00 E0", 8)[0] == 0x80)
  }

  @Test func `a fault in the very last word of a block is noticed`() throws {
    let bench = try bench()
    bench.target.faults = [0x2000_001C..<0x2000_0020]
    try bench.send("F2 08 00 00 00 20 20", data: [UInt8](repeating: 1, count: 32))
    #expect(try bench.accessStatus() == (0x11, 0x2000_001C))
    try bench.send("F2 07 00 00 00 20 20", 32)
    #expect(try bench.accessStatus() == (0x11, 0x2000_001C))
  }

  @Test func `DAP registers leave the sticky error to the host`() throws {
    let bench = try bench()
    try bench.send("F2 46 00 00 04 00 00 00 00 60", 2)
    #expect(try bench.send("F2 45 00 00 0C", 8)[0] == 0x11)
    #expect(try bench.send("F2 45 00 00 0C", 8)[0] == 0x15)
    #expect(bench.word(try bench.send("F2 45 FF FF 04", 8), 4) & 0x20 != 0)
    #expect(try bench.send("F2 46 FF FF 00 00 04", 2) == [0x80, 0])
    #expect(try bench.send("F2 45 00 00 FC", 8)[0] == 0x80)
  }

  @Test func `a memory command clears the sticky error itself`() throws {
    let bench = try bench()
    try bench.send("F2 46 00 00 04 00 00 00 00 60", 2)
    try bench.send("F2 46 00 00 0C 00 01 02 03 04", 2)
    try bench.send("F2 07 00 00 00 20 04", 4)
    #expect(try bench.accessStatus().status == 0x80)
    #expect(bench.word(try bench.send("F2 45 FF FF 04", 8), 4) & 0x20 == 0)
  }

  @Test func `four WAITs are repeated, a fifth is reported`() throws {
    let bench = try bench()
    bench.target.waits = 4
    #expect(try bench.send("F2 45 00 00 00", 8)[0] == 0x80)
    bench.target.waits = 5
    #expect(try bench.send("F2 45 00 00 00", 8)[0] == 0x10)
    bench.target.waits = 6
    #expect(try bench.send("F2 45 FF FF 0C", 8)[0] == 0x14)
    bench.target.waits = 0
    #expect(try bench.send("F2 45 00 00 00", 8)[0] == 0x80)
  }

  @Test func `a block write waits for a flash that programs a word and gives up on one that erases`() throws {
    let bench = try bench("v3")
    let clock = bench.clock
    var busyUntil: UInt64 = 0
    bench.target.onPacket = { [target = bench.target] _ in
      if clock.nanoseconds >= busyUntil { target.waits = 0 }
    }
    busyUntil = clock.nanoseconds + 280_000
    bench.target.waits = -1
    let time = try bench.microseconds {
      try bench.send("F2 08 00 00 00 20 10", data: [UInt8](repeating: 5, count: 16))
    }
    #expect(try bench.accessStatus().status == 0x80)
    #expect(time > 200)
    busyUntil = clock.nanoseconds + 500_000_000
    bench.target.waits = -1
    try bench.send("F2 08 00 00 00 20 10", data: [UInt8](repeating: 6, count: 16))
    #expect(try bench.accessStatus().status == 0x10)
  }

  @Test func `wrong parity is reported as such`() throws {
    let bench = try bench()
    bench.target.parityErrors = 1
    #expect(try bench.send("F2 45 FF FF 0C", 8)[0] == 0x17)
    bench.target.parityErrors = 1
    #expect(try bench.send("F2 45 00 00 00", 8)[0] == 0x13)
  }

  @Test(arguments: [("v2", 0x42), ("v2-old", 0x08), ("v3", 0x42)])
  func `an unknown debug command is refused in two bytes`(name: String, status: UInt8) throws {
    let bench = try bench(name)
    #expect(try bench.send("F2 7F", 2) == [status, 0])
    #expect(try bench.send("F2 53", 2) == [status, 0])
  }

  @Test(arguments: ["E0", "FC 01", "00", "F3 01"]) func `an unknown top-level command is met with silence`(
    command: String
  )
    throws
  {
    #expect(try bench("v2-1").isSilent(command))
  }

  @Test func `debug commands outside debug mode are refused, and line settings are not`() throws {
    let bench = try ProbeBench("v2-1")
    for command in ["F2 3C 01", "F2 43 01", "F2 44 04", "F2 32"] {
      #expect(try bench.send(command, 2) == [0x80, 0], "\(command)")
    }
    #expect(try bench.send("F2 56", 128)[0] == 0x80)
    #expect(try bench.send("F2 36 00 ED 00 E0", 8)[0] == 0x12)
    #expect(try bench.send("F2 45 FF FF 00", 8)[0] == 0x12)
    #expect(try bench.send("F2 4B 00 00", 2)[0] == 0x12)
    #expect(try bench.send("F2 02", 2)[0] == 0x12)
    #expect(try bench.send("F2 4C 00", 2)[0] == 0x80, "there is nothing to close")
    try bench.send("F2 08 00 00 00 20 04", data: [1, 2, 3, 4])
    #expect(try bench.accessStatus().status == 0x12)
    #expect(bench.target.packetCount == 0)
  }

  @Test func `in DFU mode only version, mode and DFU are answered, and the voltage comes late`() throws {
    let bench = try ProbeBench("v2")
    #expect(bench.isSilent("F2 30 A3"))
    #expect(bench.isSilent("F7"))
    #expect(try bench.send("F1", 6).count == 6)
    #expect(try bench.send("F3 08", 20).count == 20)
    try bench.send("F3 07")
    let voltage = try bench.probe.perform([.bulkIn(bench.input, byteCount: 8)], within: .seconds(1))[0]
    #expect(bench.word(voltage, 0) == 1691)
  }
}
