import LinkInterface
import TestSupport
import Testing

@testable import Engine
@testable import SimProbe

/// Firmware that idles in WFI and is awake for 0.5 % of each tick, as under every operating system.
@Suite struct IdleFirmwareTests {
  /// A chip that has been on for a while, at some phase of its tick.
  private func bench(_ probe: String, tick: Int, isResetWired: Bool, awake: Int = 5) throws -> SimulatedBench {
    let faults = try (["firmware=idle=\(tick)/\(awake)"] + (isResetWired ? [] : ["nrst-open"])).map { try Fault($0) }
    let bench = try SimulatedBench("stm32f429zi") {
      $0.faults = faults
      $0.probeProfile = probe
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

  /// By tick and share awake, with every probe in turn, reset wired or not: found by `info`, and by a diagnosis that may not
  /// reset.
  @Test(arguments: [300, 1000, 2503, 7919, 20_000], [5, 11, 40])
  func `it is found whatever its tick and share awake`(tick: Int, awake: Int) throws {
    let probe = ["v2", "v2-1", "v3"][(tick + awake) % 3]
    let bench = try bench(probe, tick: tick, isResetWired: tick % 2 == 0, awake: awake)
    let session = TargetSession(probe: bench.probe(), options: SessionOptions(attachMode: .hotPlug))
    try session.open()
    #expect(session.close().problems == [])
    let report = Diagnosis(probe: bench.probe(), options: Diagnosis.Options(mayReset: false)).run()
    #expect(!report.findings.contains { $0.outcome == .failed }, "\(report.verdict)")
    #expect(control(bench) == 0)
  }

  @Test(arguments: [true, false]) func `it is diagnosed as healthy`(isResetWired: Bool) throws {
    let bench = try bench("v2-1", tick: 1000, isResetWired: isResetWired)
    let report = Diagnosis(probe: bench.probe(), options: Diagnosis.Options(mayReset: false)).run()
    #expect(!report.findings.contains { $0.outcome == .failed }, "\(report.verdict)")
    #expect(control(bench) == 0)
  }

  /// Firmware that sends its own trace has TRACE_IOEN set, and must not lose it.
  @Test(arguments: [AttachMode.hotPlug, .normal]) func `what it has set in DBGMCU itself stays`(mode: AttachMode) throws
  {
    // Awake for long enough to be read.
    let bench = try bench("v2-1", tick: 1000, isResetWired: true, awake: 100)
    set(0x20, 0x1000, in: bench)
    let session = TargetSession(probe: bench.probe(), options: SessionOptions(attachMode: mode))
    try session.open()
    session.close()
    #expect(control(bench) == 0x20)
    #expect(freeze(bench) == 0x1000)
  }

  /// What is done to a target while it is attached to and taken.
  private enum Work: CaseIterable {
    case look, attach, writeInHotPlug
  }

  /// Stopped anywhere, a session leaves a program running with nothing of ours in DBGMCU.
  @Test(arguments: [true, false]) func `an interruption at any transfer leaves nothing behind`(idles: Bool) throws {
    for work in Work.allCases {
      let whole = try anyBench(idles: idles)
      _ = try perform(work, on: whole, Interruption())
      let stride = stride(from: 1, through: min(whole.batchCount, 600), by: idles ? 11 : 3)
      for batch in stride {
        let bench = try anyBench(idles: idles)
        let interruption = Interruption()
        bench.mishaps[batch] = .request(interruption)
        let statement = try perform(work, on: bench, interruption)
        bench.simulation.run(for: .milliseconds(2))
        let core = bench.simulation.board.chip.core
        let situation = "\(work), interrupted at batch \(batch)"
        // Work on the flash that was under way keeps the core halted, and says so.
        #expect(core.state != .halted || statement?.reason != nil, "\(situation)")
        if core.state != .halted { #expect(control(bench) == 0x20 && freeze(bench) == 0x1000, "\(situation)") }
      }
    }
  }

  private func anyBench(idles: Bool) throws -> SimulatedBench {
    if idles {
      let bench = try bench("v2-1", tick: 1000, isResetWired: true, awake: 100)
      set(0x20, 0x1000, in: bench)
      return bench
    }
    let bench = try SimulatedBench("stm32f429zi")
    bench.setCells(at: 0, [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF])
    bench.simulation.board.cyclePower()
    bench.simulation.run(for: .milliseconds(20))
    set(0x20, 0x1000, in: bench)
    return bench
  }

  /// What the session says in the end; nil where it could not even be opened.
  private func perform(
    _ work: Work, on bench: SimulatedBench, _ interruption: Interruption
  ) throws -> ClosingStatement? {
    let session = TargetSession(
      probe: bench.probe(),
      options: SessionOptions(attachMode: work == .attach ? .normal : .hotPlug, interruption: interruption))
    let image = try #require(FirmwareImage(address: 0x0800_4000, bytes: [1, 2, 3, 4]))
    do throws(SessionError) {
      try session.open()
      if work == .writeInHotPlug { try session.execute(session.plan(writing: image, isToBeExecuted: true)) }
    } catch {
      #expect(interruption.isRequested, "\(error)")
    }
    return session.close()
  }

  private func set(_ control: UInt32, _ freeze: UInt32, in bench: SimulatedBench) {
    for (address, value) in [(DBGMCUControl.address, control), (DBGMCUAPB1Freeze.address, freeze)] {
      _ = bench.simulation.board.chip.bus.write(address, value, .word, by: .debugger)
    }
  }

  private func freeze(_ bench: SimulatedBench) -> UInt32 {
    let answer = bench.simulation.board.chip.bus.read(DBGMCUAPB1Freeze.address, .word, by: .debugger)
    return if case .done(let value, _) = answer { value } else { .max }
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
