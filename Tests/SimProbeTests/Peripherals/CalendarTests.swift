import Testing

@testable import SimProbe

/// The calendar of RTC by itself, and RTC's alarms, wake-up timer and locks around it (RM0090, 26).
@Suite struct `Calendar and alarms` {
  private static let base: UInt32 = 0x4000_2800

  private func calendar(date: UInt32, time: UInt32) -> Calendar {
    var calendar = Calendar()
    calendar.setDate(date)
    calendar.setTime(time)
    return calendar
  }

  @Test(
    arguments: [
      (0x24_2228, 0x23_5959, 0x24_4229, 0x00_0000), (0x23_2228, 0x23_5959, 0x23_4301, 0x00_0000),
      (0x99_F231, 0x23_5959, 0x00_2101, 0x00_0000), (0x24_8430, 0x23_5959, 0x24_A501, 0x00_0000),
      (0x24_2101, 0x09_5959, 0x24_2101, 0x10_0000), (0x24_2101, 0x19_0959, 0x24_2101, 0x19_1000),
    ] as [(UInt32, UInt32, UInt32, UInt32)])
  func `a second carries as far as it must`(date: UInt32, time: UInt32, nextDate: UInt32, nextTime: UInt32) {
    var calendar = calendar(date: date, time: time)
    #expect(calendar.dateRegister == date && calendar.timeRegister == time)
    calendar.addSecond()
    #expect(calendar.dateRegister == nextDate && calendar.timeRegister == nextTime)
  }

  @Test func `a year has 365 days and a leap year 366`() {
    for (year, days) in [(0x23 as UInt32, 365), (0x24, 366)] {
      var calendar = calendar(date: year << 16 | 0x2101, time: 0)
      var count = 0
      while calendar.dateRegister >> 16 == year {
        calendar.setTime(0x23_5959)
        calendar.addSecond()
        count += 1
      }
      #expect(count == days)
    }
  }

  @Test func `the weekday goes from Sunday to Monday`() {
    var calendar = calendar(date: 0x24_E107, time: 0x23_5959)
    calendar.addSecond()
    #expect(calendar.dateRegister == 0x24_2108)
  }

  @Test(
    arguments: [
      (0x0512_3456, true), (0x0512_3457, false), (0x0612_3456, false), (0x8512_3456 | 0x0600_0000, true),
      (0x8080_8056, true), (0x8080_8057, false), (0x8080_3480, true), (0x8012_8080, true), (0x8080_8080, true),
      (0x4312_3456, true), (0x4412_3456, false),
    ] as [(UInt32, Bool)])
  func `an alarm compares what is not masked, by day or by weekday`(alarm: UInt32, matches: Bool) {
    // Wednesday the 5th, 12:34:56.
    #expect(calendar(date: 0x24_6605, time: 0x12_3456).matches(alarm) == matches)
  }

  /// A board with RTC on LSI, open for writes.
  private func bench() throws -> BoardBench {
    let bench = try BoardBench("stm32f407vg")
    bench.connect()
    bench.enableClocks()
    bench.write(0xE000_EDF0, 0xA05F_0003)
    bench.write(0x4000_7000, 0xC100)
    bench.write(0x4002_3874, 1)
    bench.pass(milliseconds: 1)
    bench.write(0x4002_3870, 0x8200)
    for key: UInt32 in [0xCA, 0x53] { bench.write(Self.base + 0x24, key) }
    return bench
  }

  /// Sets 12:00:00 with a second of 32,000 periods.
  private func setNoon(_ bench: BoardBench) {
    bench.write(Self.base + 0x0C, 0xFFFF_FFFF)
    bench.pass(milliseconds: 1)
    bench.write(Self.base + 0x10, 0x007F_00F9)
    bench.write(Self.base, 0x0012_0000)
    bench.write(Self.base + 0x0C, 0xFFFF_FF7F)
  }

  @Test func `alarm A comes at its time, through EXTI 17 to interrupt 41`() throws {
    let bench = try bench()
    bench.write(0x4001_3C00, 1 << 17)
    bench.write(0x4001_3C08, 1 << 17)
    setNoon(bench)
    bench.write(Self.base + 0x1C, 0x8000_0002 | 0x0012_0000)
    bench.write(Self.base + 0x08, 0x1100)
    bench.pass(milliseconds: 1900)
    #expect(bench.read(Self.base + 0x0C).map { $0 & 1 << 8 } == 0)
    bench.pass(milliseconds: 200)
    #expect(bench.read(Self.base + 0x0C).map { $0 & 1 << 8 } == 1 << 8, "ALRAF")
    #expect(bench.read(0xE000_E204).map { $0 & 1 << 9 } == 1 << 9)
    bench.write(Self.base + 0x0C, 0xFFFF_FEFF & ~0x80)
    #expect(bench.read(Self.base + 0x0C).map { $0 & 1 << 8 } == 0)
  }

  @Test func `the wake-up timer runs again and again`() throws {
    let bench = try bench()
    bench.write(Self.base + 0x14, 199)
    bench.write(Self.base + 0x08, 0x4400)  // 200 × 16 / 32 kHz = 100 ms
    for _ in 0..<3 {
      bench.pass(milliseconds: 95)
      #expect(bench.read(Self.base + 0x0C).map { $0 & 1 << 10 } == 0)
      bench.pass(milliseconds: 5)
      #expect(bench.read(Self.base + 0x0C).map { $0 & 1 << 10 } == 1 << 10)
      bench.write(Self.base + 0x0C, 0xFFFF_FBFF & ~0x80)
    }
  }

  @Test func `the sub-second register counts down in a second`() throws {
    let bench = try bench()
    setNoon(bench)
    bench.pass(milliseconds: 500)
    let half = try #require(bench.read(Self.base + 0x28))
    #expect((120...126).contains(half), "250 steps a second")
  }

  @Test func `without DBP or the keys nothing but the status can be written`() throws {
    let bench = try bench()
    bench.write(Self.base + 0x24, 0xFF)
    bench.write(Self.base + 0x14, 7)
    #expect(bench.read(Self.base + 0x14) == 0xFFFF)
    bench.write(Self.base + 0x50, 0x1111)
    #expect(bench.read(Self.base + 0x50) == 0x1111, "backup registers need DBP alone")
    bench.write(0x4000_7000, 0xC000)
    bench.write(Self.base + 0x50, 0x2222)
    #expect(bench.read(Self.base + 0x50) == 0x1111)
  }

  @Test func `a backup domain reset forgets everything`() throws {
    let bench = try bench()
    setNoon(bench)
    bench.write(Self.base + 0x50, 0x1111)
    bench.write(0x4002_3870, 1 << 16)
    bench.write(0x4002_3870, 0)
    #expect(bench.read(Self.base) == 0 && bench.read(Self.base + 0x50) == 0)
    #expect(bench.read(Self.base + 0x04) == 0x2101)
  }
}
