import Foundation
import Testing

@testable import SimProbe

/// The registers of the peripherals against `Tests/Fixtures/reference/resets.csv`.
@Suite struct `Reset values` {
  private static let table = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Fixtures/reference/resets.csv")

  @Test(arguments: ["stm32f207zg", "stm32f407vg", "stm32f429zi", "stm32f446re", "stm32f410rb"].enumerated())
  func `every register reads what the part's description says`(column: Int, chip: String) throws {
    let bench = try BoardBench(chip)
    bench.connect()
    bench.enableClocks()
    let text = String(decoding: try Data(contentsOf: Self.table), as: UTF8.self)
    var compared = 0
    for line in text.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      guard let value = UInt32(fields[2 + column], radix: 16) else { continue }
      let address = try #require(UInt32(fields[1], radix: 16))
      #expect(bench.chip.bus.read(address, .word, by: .debugger) == .done(value, cycles: 1), "\(fields[0])")
      compared += 1
    }
    #expect(compared > 200)
    let unknown = bench.chip.bus.peripherals.unmodelledAccesses.filter { $0.reason != .noFunction }
    #expect(unknown.isEmpty, "\(unknown.map(\.address))")
  }
}
