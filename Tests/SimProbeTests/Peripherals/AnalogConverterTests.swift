import Testing

@testable import SimProbe

/// ADC1 to ADC3: what a conversion takes, gives and raises (RM0090, 13).
@Suite struct `Analog converters` {
  private static let base: UInt32 = 0x4001_2000
  private static let status: UInt32 = base
  private static let control1: UInt32 = base + 0x04
  private static let control2: UInt32 = base + 0x08
  private static let samplingHigh: UInt32 = base + 0x0C
  private static let sequence: UInt32 = base + 0x34
  private static let data: UInt32 = base + 0x4C
  private static let common: UInt32 = base + 0x304
  private static let ended: UInt32 = 1 << 1
  private static let start: UInt32 = 1 << 30

  private func bench(_ name: String = "stm32f407vg") throws -> BoardBench {
    let bench = try BoardBench(name)
    bench.connect()
    bench.enableClocks()
    bench.write(0xE000_EDF0, 0xA05F_0003)
    bench.write(Self.control2, 1)
    return bench
  }

  /// Converts a channel with everything else as it is; what DR reads.
  private func convert(_ bench: BoardBench, channel: UInt32, control2: UInt32 = 0) -> UInt32? {
    bench.write(Self.sequence, channel)
    bench.write(Self.control2, 1 | control2 | Self.start)
    bench.pass(milliseconds: 1)
    return bench.read(Self.data)
  }

  @Test func `internal channels read what they are, and pins with nothing on them 0`() throws {
    let bench = try bench()
    #expect(convert(bench, channel: 17) == 1502, "1.21 V of 3.3 V")
    #expect(convert(bench, channel: 16) == 943, "0.76 V at 25 degrees")
    #expect(convert(bench, channel: 3) == 0)
  }

  @Test(arguments: [(0, 1502), (1, 375), (2, 93), (3, 23)] as [(UInt32, UInt32)])
  func `fewer bits are the upper ones`(resolution: UInt32, value: UInt32) throws {
    let bench = try bench()
    bench.write(Self.control1, resolution << 24)
    #expect(convert(bench, channel: 17) == value)
  }

  @Test func `ALIGN moves the result to the left`() throws {
    #expect(try convert(bench(), channel: 17, control2: 1 << 11) == 1502 << 4)
  }

  @Test(
    arguments: [(0, 0, 3 + 12, 2), (7, 0, 480 + 12, 2), (7, 3, 480 + 12, 8), (1, 1, 15 + 12, 4)]
      as [(UInt32, UInt32, UInt64, UInt64)])
  func `a conversion takes its sampling and twelve periods of the divided clock`(
    sampling: UInt32, prescaler: UInt32, periods: UInt64, divider: UInt64
  ) throws {
    let bench = try bench()
    bench.write(Self.samplingHigh, sampling << 21)  // channel 17
    bench.write(Self.common, prescaler << 16)
    bench.write(Self.sequence, 17)
    bench.chip.synchronise()
    _ = bench.chip.bus.write(Self.control2, 1 | Self.start, .word, by: .debugger)
    let length = periods * divider * 1_000_000_000 / 16_000_000
    bench.clock.advance(by: length - 1)
    bench.chip.synchronise()
    #expect(bench.inside(Self.status).map { $0 & Self.ended } == 0)
    bench.clock.advance(by: 1)
    bench.chip.synchronise()
    #expect(bench.inside(Self.status).map { $0 & Self.ended } == Self.ended)
  }

  @Test func `EOC raises the interrupt with EOCIE and falls with reading the data`() throws {
    let bench = try bench()
    bench.write(Self.control1, 1 << 5)
    bench.write(Self.sequence, 17)
    bench.write(Self.control2, 1 | Self.start)
    bench.pass(milliseconds: 1)
    #expect(bench.read(Self.status) == Self.ended | 1 << 4, "EOC and STRT")
    #expect(bench.read(0xE000_E200).map { $0 & 1 << 18 } == 1 << 18)
    #expect(bench.read(Self.control2) == 1, "SWSTART falls by itself")
    _ = bench.read(Self.data)
    #expect(bench.read(Self.status) == 1 << 4)
    #expect(!bench.chip.core.interrupts.lineLevels.contains(exception: 16 + 18))
  }

  @Test func `CONT goes on until ADON falls`() throws {
    let bench = try bench()
    _ = convert(bench, channel: 17, control2: 1 << 1)
    bench.pass(milliseconds: 1)
    #expect(bench.read(Self.status).map { $0 & Self.ended } == Self.ended, "the next one")
    bench.write(Self.control2, 0)
    _ = bench.read(Self.data)
    bench.pass(milliseconds: 1)
    #expect(bench.read(Self.status).map { $0 & Self.ended } == 0)
  }

  @Test func `a converter that is off converts nothing`() throws {
    let bench = try bench()
    bench.write(Self.control2, 0)
    bench.write(Self.control2, Self.start)
    bench.pass(milliseconds: 1)
    #expect(bench.read(Self.status) == 0)
  }

  @Test func `the other converters are apart, and small parts have one`() throws {
    let bench = try bench()
    bench.write(Self.base + 0x108, 1)
    bench.write(Self.base + 0x134, 17)
    bench.write(Self.base + 0x108, 1 | Self.start)
    bench.pass(milliseconds: 1)
    #expect(bench.read(Self.base + 0x100).map { $0 & Self.ended } == Self.ended)
    #expect(bench.read(Self.status) == 0)
    let small = try self.bench("stm32f411re")
    _ = small.read(Self.base + 0x100)
    #expect(small.chip.bus.peripherals.unmodelledAccesses.map(\.address) == [Self.base + 0x100])
  }
}
