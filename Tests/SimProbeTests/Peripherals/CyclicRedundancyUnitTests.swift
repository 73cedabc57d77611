import Testing

@testable import SimProbe

/// The CRC unit: its checksums, its clock, its widths.
@Suite struct CyclicRedundancyUnitTests {
  private static let data: UInt32 = 0x4002_3000
  private static let independent: UInt32 = 0x4002_3004
  private static let control: UInt32 = 0x4002_3008
  private static let clockEnable: UInt32 = 0x4002_3830

  private func clocked(_ name: String = "stm32f407vg") throws -> BoardBench {
    let bench = try BoardBench(name)
    bench.connect()
    bench.write(Self.clockEnable, 0x1000)
    return bench
  }

  @Test(
    arguments: [
      ([], 0xFFFF_FFFF), ([0x0000_0000], 0xC704_DD7B), ([0xFFFF_FFFF], 0x0000_0000),
      ([0x1234_5678], 0xDF8A_8A2B),
    ] as [([UInt32], UInt32)])
  func `the checksum is of the words written since the last reset`(words: [UInt32], expected: UInt32) throws {
    let bench = try clocked()
    bench.write(Self.data, 0x5555_5555)
    bench.write(Self.control, 1)
    for word in words { bench.write(Self.data, word) }
    #expect(bench.read(Self.data) == expected)
    #expect(bench.read(Self.control) == 0)
  }

  /// What the words' bytes give, most significant first; CRC-32/MPEG-2 of "12345678" by the plain division.
  @Test func `a word is worked off from its most significant byte`() throws {
    let bench = try clocked()
    bench.write(Self.data, 0x3132_3334)
    bench.write(Self.data, 0x3536_3738)
    #expect(bench.read(Self.data) == Self.checksumBitByBit(Array("12345678".utf8)))
    #expect(Self.checksumBitByBit(Array("123456789".utf8)) == 0x0376_E6E7, "the catalogue's check value")
  }

  @Test(arguments: ["stm32f207zg", "stm32f429zi", "stm32f410cb"])
  func `without its clock it reads 0 and takes nothing`(name: String) throws {
    let bench = try BoardBench(name)
    bench.connect()
    #expect(bench.read(Self.data) == 0)
    bench.write(Self.data, 0)
    bench.write(Self.clockEnable, 0x1000)
    #expect(bench.read(Self.data) == 0xFFFF_FFFF)
    bench.write(Self.data, 0)
    bench.write(Self.clockEnable, 0)
    bench.write(Self.control, 1)
    #expect(bench.read(Self.data) == 0)
    bench.write(Self.clockEnable, 0x1000)
    #expect(bench.read(Self.data) == 0xC704_DD7B, "without the clock the reset was not taken either")
  }

  @Test func `the independent byte survives the unit's reset and not the system's`() throws {
    let bench = try clocked()
    bench.write(Self.independent, 0x1_23A5)
    bench.write(Self.control, 1)
    #expect(bench.read(Self.independent) == 0xA5)
    bench.write(0xE000_ED0C, 0x05FA_0004)
    bench.pass(milliseconds: 2)
    bench.write(Self.clockEnable, 0x1000)
    #expect(bench.read(Self.independent) == 0)
    #expect(bench.read(Self.data) == 0xFFFF_FFFF)
  }

  @Test func `the data register takes words only`() throws {
    let bench = try clocked()
    bench.setWidth(.halfword)
    bench.write(Self.data, 0x1234)
    bench.setWidth(.word)
    #expect(bench.read(Self.data) == 0xFFFF_FFFF)
    #expect(bench.chip.bus.peripherals.unmodelledAccesses.contains { $0.address == Self.data })
  }

  /// The polynomial division as it is written down, one bit after the other.
  private static func checksumBitByBit(_ bytes: [UInt8]) -> UInt32 {
    var checksum = UInt32.max
    for byte in bytes {
      checksum ^= UInt32(byte) << 24
      for _ in 0..<8 { checksum = checksum & 0x8000_0000 != 0 ? checksum << 1 ^ 0x04C1_1DB7 : checksum << 1 }
    }
    return checksum
  }
}
