import LinkInterface
import TestSupport
import Testing

@testable import SimProbe

/// Memory commands move the bytes that they should, whatever the width, the address and the firmware.
@Suite struct BlockTransferTests {
  static let probes = ["v2:V2J14S0", "v2-old", "v2-1-old", "v2", "v3", "v3set"]

  private func parameters(_ address: UInt32, _ count: Int) -> String {
    ((0..<4).map { address >> (8 * $0) & 0xFF } + [UInt32(count) & 0xFF, UInt32(count) >> 8])
      .map { String($0, radix: 16) }.joined(separator: " ")
  }

  @Test(arguments: probes) func `what is written is read back`(name: String) throws {
    let seed: UInt64 = 0x51_1E
    var random = SeededGenerator(seed: seed)
    let bench = try ProbeBench(name)
    try bench.enter()
    try bench.send("F2 36 00 ED 00 E0", 8)
    let hasHalfwords = bench.device.profile.version.has(.halfwordMemory)
    for _ in 0..<60 {
      let width = [1, 4, hasHalfwords ? 2 : 4].randomElement(using: &random) ?? 4
      let limit = width == 1 ? 64 : 2048
      let count = Int.random(in: 1...limit / width, using: &random) * width
      let address = ScriptedTarget.ram + UInt32(Int.random(in: 0..<4096, using: &random) * width)
      let content = random.bytes(count)
      let opcodes = [1: ("0C", "0D"), 2: ("47", "48"), 4: ("07", "08")]
      let (read, write) = opcodes[width] ?? ("07", "08")
      let before = bench.target.bytes(at: address - 4 + 4, count + 8)
      try bench.send("F2 \(write) \(parameters(address, count))", data: content)
      #expect(bench.target.bytes(at: address, count) == content, "seed \(seed), \(width) x \(count)")
      #expect(bench.target.bytes(at: address + UInt32(count), 8) == Array(before[count...]), "seed \(seed)")
      let reply = try bench.send("F2 \(read) \(parameters(address, count))", max(count, 2))
      #expect(Array(reply.prefix(count)) == content, "seed \(seed), \(width) x \(count)")
    }
  }

  @Test(arguments: ["v2-old", "v2"], [32768, 65532]) func `long writes go through in one command`(
    name: String, count: Int
  ) throws {
    var random = SeededGenerator(seed: 7)
    let content = random.bytes(count)
    let bench = try ProbeBench(name)
    try bench.enter()
    try bench.send("F2 36 00 ED 00 E0", 8)
    try bench.send("F2 08 \(parameters(ScriptedTarget.ram, count))", data: content)
    #expect(bench.target.bytes(at: ScriptedTarget.ram, count) == content)
  }

  @Test func `a data phase may come in transfers of any size`() throws {
    var random = SeededGenerator(seed: 9)
    let content = random.bytes(200)
    let bench = try ProbeBench()
    try bench.enter()
    try bench.send("F2 36 00 ED 00 E0", 8)
    try bench.send("F2 08 \(parameters(ScriptedTarget.ram, 200))")
    for range in [0..<3, 3..<70, 70..<71, 71..<200] {
      _ = try bench.probe.perform([.bulkOut(bench.output, Array(content[range]))], within: .seconds(1))
    }
    #expect(bench.target.bytes(at: ScriptedTarget.ram, 200) == content)
    #expect(try bench.accessStatus().status == 0x80)
  }

  @Test func `a byte command of one byte returns two`() throws {
    let bench = try ProbeBench()
    try bench.enter()
    bench.target.put([0xAB], at: ScriptedTarget.ram + 1)
    try bench.send("F2 36 00 ED 00 E0", 8)
    #expect(try bench.send("F2 0C 01 00 00 20 01", 2)[0] == 0xAB)
    #expect(throws: LinkError.self) { try bench.send("F2 0C 01 00 00 20 01", 1) }
  }
}
