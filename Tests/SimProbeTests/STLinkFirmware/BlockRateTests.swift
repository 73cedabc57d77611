import Basics
import LinkInterface
import Testing

@testable import SimProbe

/// The simulator's times against those of real probes, which recordings and logs of host programs give.
@Suite struct BlockRateTests {
  /// Reads memory in blocks as hosts do, with the status after each, and gives the seconds that it takes.
  private func read(_ byteCount: Int, blocks: Int = 4096, at start: UInt32, on bench: ProbeBench) throws -> Double {
    try bench.microseconds {
      for offset in stride(from: 0, to: byteCount, by: blocks) {
        let count = min(blocks, byteCount - offset) / 4 * 4
        let address = start + UInt32(offset)
        try bench.send("F2 07 \(bytes(address, 4)) \(bytes(UInt32(count), 2))", count)
        try bench.send("F2 3E", 12)
      }
    } / 1e6
  }

  private func write(_ byteCount: Int, at address: UInt32, on bench: ProbeBench) throws -> Double {
    try bench.microseconds {
      try bench.send(
        "F2 08 \(bytes(address, 4)) \(bytes(UInt32(byteCount), 2))", data: [UInt8](repeating: 0x5A, count: byteCount))
    } / 1e6
  }

  private func bytes(_ value: UInt32, _ count: Int) -> String {
    (0..<UInt32(count)).map { String(value >> (8 * $0) & 0xFF, radix: 16) }.joined(separator: " ")
  }

  private func connected(_ name: String, clock: String? = nil) throws -> ProbeBench {
    let bench = try ProbeBench(name)
    try bench.enter()
    if let clock { try bench.send(clock, clock.hasPrefix("F2 61") ? 8 : 2) }
    try bench.send("F2 36 00 ED 00 E0", 8)
    return bench
  }

  private func expect(_ seconds: Double, isWithinTenPercentOf expected: Double, _ row: String) {
    #expect(abs(seconds / expected - 1) < 0.10, "\(row): \(seconds) s instead of \(expected) s")
  }

  @Test func `old V2 firmware reads as slowly as recorded`() throws {
    let bench = try connected("v2:V2J14S0")
    let start = ScriptedTarget.flash
    let seconds = try bench.microseconds { try bench.send("F2 07 \(bytes(start, 4)) 00 10", 4096) } / 1e6
    expect(seconds, isWithinTenPercentOf: 0.077, "L152, V2J14S0")
    bench.target.waitsAfterAddress = 1
    let waited = try bench.microseconds { try bench.send("F2 07 \(bytes(start, 4)) FC 0F", 4092) } / 1e6
    expect(waited, isWithinTenPercentOf: 0.0823, "F429, V2J17S4")
    expect(try read(131_072, at: start, on: connected("v2-old")), isWithinTenPercentOf: 2.539, "F411, OpenOCD")
  }

  @Test func `old V2 firmware writes RAM as slowly as recorded`() throws {
    let bench = try connected("v2-old")
    expect(try write(5116, at: 0x2000_0BF4, on: bench), isWithinTenPercentOf: 0.1142, "F429, V2J17S4, writing")
  }

  @Test func `newer V2 firmware reads at 1800 kHz as recorded`() throws {
    expect(
      try read(1_048_576, at: ScriptedTarget.flash, on: connected("v2")), isWithinTenPercentOf: 9.72,
      "AT32 and H7, V2J39S7")
  }

  @Test func `newer V2 firmware at 4 MHz reads and writes as recorded`() throws {
    let fast = "F2 43 00 00"
    expect(
      try read(41247, blocks: 6144, at: ScriptedTarget.flash, on: connected("v2", clock: fast)),
      isWithinTenPercentOf: 0.261, "F407, V2J46S7")
    expect(
      try read(8141, blocks: 4096, at: ScriptedTarget.flash, on: connected("v2", clock: fast)),
      isWithinTenPercentOf: 0.050, "F407, V2J46S7, short")
    expect(
      try write(2120, at: ScriptedTarget.ram, on: connected("v2", clock: fast)), isWithinTenPercentOf: 0.013,
      "G474, V2J37S7, writing")
  }

  @Test func `slow clocks are as slow as the time model says`() throws {
    let bench = try connected("v2", clock: "F2 43 07 00")
    expect(
      try write(4096, at: ScriptedTarget.ram, on: bench), isWithinTenPercentOf: 1024 * 135e-6, "480 kHz")
  }

  @Test(arguments: [("40 1F", 7.8), ("C0 5D", 3.9)]) func `a V3 moves a word in the time of the model`(
    clock: String, microseconds: Double
  ) throws {
    let bench = try connected("v3set", clock: "F2 61 00 00 \(clock) 00 00")
    expect(
      try read(65_536, blocks: 6144, at: ScriptedTarget.flash, on: bench) - 44 * 80e-6,
      isWithinTenPercentOf: 16384 * microseconds * 1e-6, "\(microseconds) us a word")
  }

  /// What the recordings of a V2J17 at 1.8 MHz show between the first and the last bit.
  @Test(arguments: [
    ("F2 36 00 20 04 E0", 8, 1, 150.0), ("F2 35 04 20 04 E0 07", 2, 0, 120), ("F2 33 00", 8, 0, 256),
    ("F2 3A", 88, 0, 5300), ("F2 0C 00 00 00 20 01", 2, 1, 158),
  ])
  func `single commands take as long as on the wire of a V2J17`(
    command: String, reply: Int, waits: Int, expected: Double
  ) throws {
    let bench = try connected("v2-old")
    bench.target.waitsAfterAddress = waits
    try bench.send("F2 0C 00 00 00 20 01", 2)
    try bench.send(command, reply)
    let time = try bench.microseconds { try bench.send(command, reply) } - 2 * 140
    #expect(abs(time / expected - 1) < 0.15, "\(command): \(time) us instead of \(expected) us")
  }

  @Test func `entering SWD takes about 350 us`() throws {
    let bench = try ProbeBench("v2-old")
    try bench.send("F3 07")
    let time = try bench.microseconds { try bench.send("F2 30 A3", 2) } - 2 * 140
    #expect(abs(time / 350 - 1) < 0.25, "\(time) us")
  }
}
