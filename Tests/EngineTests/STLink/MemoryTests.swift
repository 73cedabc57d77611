import LinkInterface
import TestSupport
import Testing

@testable import Engine

@Suite struct MemoryTests {
  @Test(arguments: UInt64(1)...16)
  func `any range is moved as it is, within the probe's limits`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let isV3 = seed.isMultiple(of: 2)
    let probe = ModelProbe(product: isV3 ? 0x374E : 0x3748)
    if isV3 {
      probe.version = [0x30, 0x00]
      probe.extendedVersion = [3, 1, 9, 3, 5, 0, 0, 0, 0x83, 0x04, 0x4E, 0x37]
      probe.byteLimit = 512
    }
    let link = try STLink(probe: probe)
    if Bool.random(using: &generator) { _ = try Attach.run(link, mode: .hotPlug) }
    for _ in 0..<10 {
      let address = UInt32.random(in: 0x2000_0000...0x2000_3000, using: &generator)
      let count = Int.random(in: 0...(Bool.random(using: &generator) ? 20 : 9000), using: &generator)
      let bytes = generator.bytes(count)
      try link.writeMemory(bytes, at: address)
      #expect(try link.readMemory(at: address, byteCount: count) == bytes, "seed \(seed)")
      for (offset, byte) in bytes.enumerated() where probe.target.memory[address + UInt32(offset)] != byte {
        Issue.record("byte \(offset) of \(count) at \(address) is wrong, seed \(seed)")
        break
      }
    }
    #expect(probe.violations == [], "seed \(seed)")
  }

  @Test(arguments: AccessWidth.allCases, UInt64(1)...10)
  func `a width that is asked for is the width of every access`(width: AccessWidth, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let probe = ModelProbe()
    let link = try STLink(probe: probe)
    let address = UInt32.random(in: 0x800_0000...0x800_2000, using: &generator) & ~3
    let bytes = generator.bytes(Int.random(in: 0...2000, using: &generator) & ~3)
    probe.commands = []
    try link.writeMemory(bytes, at: address, width: width)
    #expect(try link.readMemory(at: address, byteCount: bytes.count, width: width) == bytes, "seed \(seed)")
    let expected: Set<UInt8> =
      switch width {
      case .byte: [0x0D, 0x0C, 0x3E]
      case .halfword: [0x48, 0x47, 0x3E]
      case .word: [0x08, 0x07, 0x3E]
      }
    #expect(Set(probe.commands).isSubset(of: expected), "seed \(seed)")
    #expect(probe.violations == [], "seed \(seed)")
  }

  @Test func `bytes are used at the edges only`() throws {
    let probe = ModelProbe()
    let link = try STLink(probe: probe)
    probe.commands = []
    try link.writeMemory([UInt8](repeating: 1, count: 130), at: 0x2000_0001)
    #expect(probe.commands == [0x0D, 0x3E, 0x08, 0x3E, 0x0D, 0x3E])
  }

  @Test func `before the core is known blocks end at 1 KiB, and at 4 KiB on a Cortex-M4`() throws {
    let probe = ModelProbe()
    let link = try STLink(probe: probe)
    probe.commands = []
    _ = try link.readMemory(at: 0x2000_0000, byteCount: 4096)
    #expect(probe.commands.count { $0 == 0x07 } == 4)
    _ = try Attach.run(link, mode: .hotPlug)
    probe.commands = []
    _ = try link.readMemory(at: 0x2000_0000, byteCount: 4096)
    #expect(probe.commands.count { $0 == 0x07 } == 1)
    #expect(probe.violations == [])
  }

  @Test func `nothing is sent for no bytes`() throws {
    let probe = ModelProbe()
    let link = try STLink(probe: probe)
    probe.commands = []
    try link.writeMemory([], at: 0x2000_0001)
    #expect(try link.readMemory(at: 0x2000_0001, byteCount: 0) == [])
    #expect(try link.readMemory(at: 0x2000_0000, byteCount: 0, width: .word) == [])
    #expect(probe.commands == [])
  }

  @Test(
    arguments: [
      (0x2000_0002, 4, .word), (0x2000_0000, 6, .word), (0x2000_0001, 2, .halfword), (0x2000_0000, 3, .halfword),
      (0xFFFF_FFFC, 8, .word), (0xFFFF_FFFF, 2, .byte), (0x2000_0000, -4, .word),
    ] as [(UInt32, Int, AccessWidth)])
  func `what a width cannot reach is refused and not sent`(address: UInt32, count: Int, width: AccessWidth) throws {
    let probe = ModelProbe()
    let link = try STLink(probe: probe)
    probe.commands = []
    let expected = DebugError.misaligned(address: address, byteCount: count, width: width)
    #expect(throws: expected) { try link.readMemory(at: address, byteCount: count, width: width) }
    if count > 0 {
      let bytes = [UInt8](repeating: 0, count: count)
      #expect(throws: expected) { try link.writeMemory(bytes, at: address, width: width) }
    }
    #expect(probe.commands == [])
  }

  @Test func `a word at an odd address is refused and not sent`() throws {
    let probe = ModelProbe()
    let link = try STLink(probe: probe)
    probe.commands = []
    #expect(throws: DebugError.self) { try link.readWord(at: 0x2000_0001) }
    #expect(throws: DebugError.self) { try link.writeWord(0, at: 0x2000_0002) }
    #expect(probe.commands == [])
  }

  @Test func `the last bytes of the address space can be read`() throws {
    let probe = ModelProbe()
    let link = try STLink(probe: probe)
    probe.target.memory[0xFFFF_FFFF] = 0x5A
    #expect(try link.readMemory(at: 0xFFFF_FFFD, byteCount: 3) == [0xFF, 0xFF, 0x5A])
    #expect(probe.violations == [])
  }

  @Test func `a failing piece ends the transfer with its own address`() throws {
    let probe = ModelProbe()
    let link = try STLink(probe: probe)
    probe.nextMemoryStatuses = [0x80, 0x80, 0x12]
    #expect(throws: DebugError.status(.accessPortError, during: "READMEM32", address: 0x2000_0800)) {
      try link.readMemory(at: 0x2000_0000, byteCount: 4096)
    }
  }
}
