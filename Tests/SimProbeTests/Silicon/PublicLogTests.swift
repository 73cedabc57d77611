import Testing

@testable import SimProbe

/// What public logs of real chips show and the simulated ones show too.
@Suite struct PublicLogTests {
  private func protected(_ name: String) throws -> BoardBench {
    let bench = try BoardBench(name)
    bench.connect()
    bench.putOptions(0x0FFF_55EC)
    bench.board.cyclePower()
    bench.clock.advance(by: 5_000_000)
    bench.connect()
    return bench
  }

  @Test func `at RDP level 1 a core that is caught at its reset has read ones`() throws {
    let bench = try protected("stm32f407vg")
    bench.write(0xE000_EDF0, 0xA05F_0003)
    bench.write(0xE000_EDFC, 1)
    bench.write(0xE000_ED0C, 0x05FA_0004)
    bench.clock.advance(by: 5_000_000)
    let expected: KeyValuePairs<UInt32, UInt32> = [15: 0xFFFF_FFFE, 17: 0xFFFF_FFFC, 16: 0x0100_0000]
    for (register, value) in expected {
      bench.write(0xE000_EDF4, register)
      #expect(bench.read(0xE000_EDF8) == value, "register \(register)")
    }
  }

  @Test func `at RDP level 1 the size faults, and TAR has gone on`() throws {
    let bench = try protected("stm32f407vg")
    #expect(bench.chip.read(0x1FFF_7A22, .halfword, by: .debugger) == .fault)
    #expect(bench.chip.read(0x1FFF_7A10, .word, by: .debugger) == .fault)
    #expect(try BoardBench().chip.read(0x1FFF_7A22, .halfword, by: .debugger) == .done(1024, cycles: 0))
  }

  @Test(arguments: [true, false])
  func `TAR counts on behind an access that faulted`(isRead: Bool) {
    /// A bus that answers nobody.
    final class Nothing: SystemBus {
      func read(_ address: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer { .fault }
      func write(_ address: UInt32, _ value: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer { .fault }
    }
    let bus = Nothing()
    let port = AHBAccessPort(bus: bus)
    _ = port.perform(0x00, write: 0x2300_0052)
    _ = port.perform(0x04, write: 0x1FFF_7A20)
    #expect(port.perform(0x0C, write: isRead ? nil : 1) == .fault)
    #expect(port.perform(0x04, write: nil) == .done(0x1FFF_7A24, cycles: 0))
  }

  @Test(arguments: [
    ("stm32f407vg", UInt32(0x0010_0000)), ("stm32f429zi", 0x0010_0000), ("stm32f469ni", 0x0010_0000),
    ("stm32f446re", 0), ("stm32f411re", 0), ("stm32f401re", 0), ("stm32f207zg", 0),
  ])
  func `the core-coupled memory's clock is on after a reset where there is one`(name: String, enabled: UInt32) throws {
    let bench = try BoardBench(name)
    bench.connect()
    #expect(bench.read(0x4002_3830) == enabled)
  }

  @Test(arguments: [
    ("stm32f446re", UInt32(0x1FFF_76DE), UInt32(0x90)), ("stm32f411re", 0x1FFF_76DE, 0xD0),
    ("stm32f407vg", 0x1FFF_77DE, 0x91), ("stm32f429zi", 0x1FFF_76DE, 0x91), ("stm32f401cc", 0x1FFF_76DE, 0xD1),
  ])
  func `the bootloader has its identifier`(name: String, address: UInt32, identifier: UInt32) throws {
    #expect(try BoardBench(name).chip.bus.read(address, .byte, by: .debugger) == .done(identifier, cycles: 0))
  }

  @Test func `an F401xC has its factory words`() throws {
    let bench = try BoardBench("stm32f401cc")
    bench.connect()
    let words = (0..<6).map { bench.read(0x1FFF_7A1C + UInt32($0) * 4) }
    #expect(words == [0xC000_FCC0, 0x0100_C000, 0x67FF_47D2, 0x05DC_F000, 0x04A8_03B3, 0x4517_44B1])
  }

  /// The logs: a V2J28S7 at 1 MHz 262144 bytes in 4.186 s, a V2J40M27 131072 bytes in 1.981 s, the
  /// host's share included.
  @Test(arguments: [
    (UInt8(28), UInt32(262_144), 4.186), (40, 131_072, 1.981),
  ])
  func `new firmware moves blocks in the same time from J28 on`(level: UInt8, byteCount: UInt32, seconds: Double) throws
  {
    var version = try STLinkProfile(name: "v2").version
    version.debugLevel = level
    let timing = WireTiming(version, kilohertz: 950)
    let words = Double(byteCount / 4)
    let computed = words * (Double(timing.packet) + 4 * Double(timing.dataByte)) / 1_000_000_000
    #expect(abs(computed - seconds) / seconds < 0.10, "\(computed) s")
  }
}
