import Testing

@testable import SimProbe

/// The flash's simulated durations beside measured ones and the data sheets' (the table of docs/fidelity.md).
@Suite struct DurationTests {
  /// One operation: simulated, typical and maximum of the data sheets (DS8626 table 40, DS9405), and what real parts of
  /// the same width and supply took; all in milliseconds.
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var simulated: Double
    var typical: Double
    var maximum: Double
    var measured: [Double] = []

    var testDescription: String { name }
  }

  private static let timing = FlashTiming(ChipFamily.f2f4.flashTimes)

  private static func erase(_ sectors: [UInt32], _ width: Parallelism) -> Double {
    Double(sectors.reduce(0) { $0 + timing.erase(sectorOf: $1 << 10, width) }) / 1e6
  }

  private static func erase(banks: [UInt32], _ width: Parallelism) -> Double {
    Double(timing.erase(banksOf: banks.map { $0 << 20 }, width)) / 1e6
  }

  static let rows = [
    Row(name: "16 KiB, x32", simulated: erase([16], .x32), typical: 250, maximum: 500, measured: [216.8, 216.8]),
    Row(
      name: "4 x 16 + 64 KiB, x32", simulated: erase([16, 16, 16, 16, 64], .x32), typical: 1550, maximum: 3100,
      measured: [1466]),
    Row(name: "64 KiB, x32", simulated: erase([64], .x32), typical: 550, maximum: 1100),
    Row(name: "128 KiB, x32", simulated: erase([128], .x32), typical: 1000, maximum: 2000),
    Row(
      name: "bank of 1 MiB, x32", simulated: erase(banks: [1], .x32), typical: 8000, maximum: 16_000,
      measured: [8457, 8332]),
    Row(
      name: "both banks, x32", simulated: erase(banks: [1, 1], .x32), typical: 8000, maximum: 16_000, measured: [8488]),
    Row(name: "16 KiB, x16", simulated: erase([16], .x16), typical: 300, maximum: 600),
    Row(name: "64 KiB, x16", simulated: erase([64], .x16), typical: 700, maximum: 1400),
    Row(name: "128 KiB, x16", simulated: erase([128], .x16), typical: 1300, maximum: 2600),
    Row(name: "16 KiB, x8", simulated: erase([16], .x8), typical: 400, maximum: 800),
    Row(name: "64 KiB, x8", simulated: erase([64], .x8), typical: 1200, maximum: 2400),
    Row(name: "128 KiB, x8", simulated: erase([128], .x8), typical: 2000, maximum: 4000, measured: [2049]),
    Row(name: "mass erase of 1 MiB, x8", simulated: erase(banks: [1], .x8), typical: 16_000, maximum: 32_000),
    Row(name: "a word", simulated: Double(timing.program) / 1e6, typical: 0.016, maximum: 0.1),
  ]

  /// Real parts were measured at 0.75 (16 KiB at x8) to 1.06 of the typical value, so that a simulated one may undercut it.
  @Test(arguments: rows)
  func `a duration lies where the data sheet and measured parts have it`(row: Row) {
    #expect(row.simulated >= 0.75 * row.typical)
    #expect(row.simulated <= row.maximum)
    for measured in row.measured { #expect(abs(row.simulated - measured) <= 0.15 * measured, "measured \(measured)") }
  }

  @Test func `a slow part takes the maximum`() {
    let slow = FlashTiming(ChipFamily.f2f4.flashTimes, grade: .slow)
    #expect(slow.erase(sectorOf: 128 << 10, .x32) == 2_000_000_000)
    #expect(slow.erase(sectorOf: 16 << 10, .x8) == 800_000_000)
    #expect(slow.program == 100_000)
  }
}
