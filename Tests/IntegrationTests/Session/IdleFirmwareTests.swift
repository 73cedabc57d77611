import LinkInterface
import TestSupport
import Testing

@testable import Engine
@testable import SimProbe

/// Firmware that idles in WFI and is awake for 0.5 % of each tick, as under every operating system.
@Suite struct IdleFirmwareTests {
  /// A chip that has been on for a while, at some phase of its tick.
  private func bench(_ probe: String, tick: Int, isResetWired: Bool, awake: Int = 5) throws -> SimulatedBench {
    let faults = try (["firmware=idle=\(tick)"] + (isResetWired ? [] : ["nrst-open"])).map { try Fault($0) }
    let bench = try SimulatedBench("stm32f429zi") {
      $0.faults = faults
      $0.probeProfile = probe
    }
    if awake != 5 {
      bench.simulation.board.chip.loadIdle(period: tick, awake: awake)
      bench.simulation.board.cyclePower()
    }
    bench.simulation.run(for: .microseconds(23_000 + tick * 3 / 7))
    return bench
  }

  private func control(_ bench: SimulatedBench) -> UInt32 {
    let answer = bench.simulation.board.chip.bus.read(DBGMCUControl.address, .word, by: .debugger)
    return if case .done(let value, _) = answer { value } else { .max }
  }

  @Test(arguments: ["v2", "v2-1", "v3", "v2-old"], [300, 1000, 7919, 20_000])
  func `it is looked at as it runs, and found asleep`(probe: String, tick: Int) throws {
    let bench = try bench(probe, tick: tick, isResetWired: false)
    let session = TargetSession(probe: bench.probe(), options: SessionOptions(attachMode: .hotPlug))
    try session.open()
    #expect(session.device?.name == "STM32F427/429/437/439")
    let statement = session.close()
    #expect(statement.problems == [])
    #expect([.sleeping, .running].contains(statement.program?.condition), "\(String(describing: statement.program))")
    #expect(control(bench) == 0, "what was set is taken back")
    bench.simulation.run(for: .milliseconds(50))
    #expect(bench.simulation.board.chip.core.state != .halted)
  }

  @Test(arguments: ["v2", "v2-1", "v3", "v2-old"], [300, 1000, 7919, 20_000])
  func `it is halted without a reset where NRST is not wired`(probe: String, tick: Int) throws {
    let bench = try bench(probe, tick: tick, isResetWired: false)
    let session = TargetSession(probe: bench.probe(), options: SessionOptions(attachMode: .normal))
    try session.open()
    #expect(session.attachReport?.mode == .normal)
    #expect(bench.simulation.board.chip.core.state == .halted)
    #expect(session.close().problems == [])
    #expect(control(bench) == 0, "what was set is taken back")
  }

  @Test(arguments: [20, 100, 500, 900]) func `one that is awake for more is read whole`(awake: Int) throws {
    let bench = try bench("v2-1", tick: 1000, isResetWired: true, awake: awake)
    let session = TargetSession(probe: bench.probe(), options: SessionOptions(attachMode: .hotPlug))
    try session.open()
    let bytes = try session.read(address: 0x0800_0000, byteCount: 0x2_0000)
    session.close()
    #expect(bytes == bench.cells(0..<0x2_0000))
    #expect(control(bench) == 0)
  }

  @Test(arguments: [true, false]) func `it is diagnosed as healthy`(isResetWired: Bool) throws {
    let bench = try bench("v2-1", tick: 1000, isResetWired: isResetWired)
    let report = Diagnosis(probe: bench.probe(), options: Diagnosis.Options(mayReset: false)).run()
    #expect(!report.findings.contains { $0.outcome == .failed }, "\(report.verdict)")
    #expect(control(bench) == 0)
  }

  /// One that never wakes is given up after about a second, with nothing left in it.
  @Test func `one that nothing wakes is told from it`() throws {
    let faults = try [Fault("firmware=sleep")]
    let bench = try SimulatedBench("stm32f429zi") { $0.faults = faults }
    bench.simulation.run(for: .milliseconds(23))
    let probe = bench.probe()
    let begin = probe.clock.now
    let session = TargetSession(probe: probe, options: SessionOptions(attachMode: .hotPlug))
    #expect(throws: SessionError.self) { try session.open() }
    session.close()
    #expect(probe.clock.now - begin < .seconds(3))
  }
}
