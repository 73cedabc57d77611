import Engine
import Failures
import TestSupport
import Testing

@testable import SimProbe

/// Faults in pairs, from any moment to any end: nothing may report a success that is none; and what ends leaves nothing.
@Suite struct PairedFaultTests {
  /// On a chip that has what nearly every fault breaks.
  private static let chip = "stm32f412ce"

  @Test func `two faults at once make no success that is none`() throws {
    var random = SeededGenerator(seed: UInt64.random(in: 0...0xFFFF_FFFF))
    var count = 0
    while count < 60 {
      let faults = (0..<2).compactMap { _ in Self.anyFault(&random) }
      guard let bench = try? FaultyBench(Self.chip, faults: faults) else { continue }
      count += 1
      let operation = MainOperation.allCases.randomElement(using: &random) ?? .write
      #expect(try bench.perform(operation) != .falseSuccess, "\(faults), \(operation), seed \(random.seed)")
    }
  }

  private static func anyFault(_ random: inout SeededGenerator) -> String? {
    guard let fault = Simulation.faults.randomElement(using: &random) else { return nil }
    guard fault.canHappen, Bool.random(using: &random) else { return fault.name }
    let begin =
      [
        "", "command=\(Int.random(in: 1...60, using: &random))", "operation=erase:1", "operation=program:9",
        "time=\(Int.random(in: 10...100, using: &random))ms",
      ].randomElement(using: &random) ?? ""
    let end = "..+\(Int.random(in: 1...300, using: &random))ms"
    if fault.canEnd, Bool.random(using: &random) { return "\(fault.name)@\(begin)\(end)" }
    return begin.isEmpty ? fault.name : "\(fault.name)@\(begin)"
  }

  /// A probe that was unplugged is another one to who had it open; the others go on as if nothing had been.
  @Test(arguments: Simulation.faults.filter { $0.canEnd && $0.name != "unplugged" }.map(\.name))
  func `what is over is over`(fault: String) throws {
    let chip = fault == "button-held" ? "nucleo-f446re" : "stm32f407vg"
    // The bench has been on for 10 ms when the work begins.
    for operation in MainOperation.allCases {
      let bench = try FaultyBench(chip, faults: ["\(fault)@time=1ms..time=5ms"])
      #expect(try bench.perform(operation) == .done, "\(operation)")
    }
  }

  @Test func `a probe that is plugged in again serves whoever opens it anew`() throws {
    var configuration = SimulationConfiguration(target: "nucleo-f446re")
    configuration.faults = [try Fault("unplugged@command=3..+100ms")]
    let simulation = try Simulation(configuration)
    let first = TargetSession(probe: simulation.probe)
    #expect(throws: SessionError.self) { try first.open() }
    first.close()
    simulation.run(for: .milliseconds(200))
    let stale = TargetSession(probe: simulation.probe)
    #expect(throws: SessionError.self) { try stale.open() }
    let anew = TargetSession(probe: SimulatedProbe(device: simulation.device))
    try anew.open()
    anew.close()
  }

  /// In hot plug nothing resets the chip, so that its DMA goes on writing where a loader would be.
  ///
  /// Each operation on one chip: every word that DMA writes meanwhile is simulated, which takes seconds.
  @Test(
    arguments: zip(
      [MainOperation.write, .verify, .erase, .read], ["stm32f407vg", "stm32f411ce", "stm32f207zg", "stm32f429zi"]))
  func `DMA that goes on in a hot plug spoils nothing unnoticed`(operation: MainOperation, chip: String) throws {
    #expect(try FaultyBench(chip, faults: ["firmware=dma"]).perform(operation, mode: .hotPlug) == .done)
  }
}
