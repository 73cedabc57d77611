import Engine
import Testing

@testable import SimProbe

/// A session takes what it needs of the debug unit and gives it back before firmware runs: whatever was done, a firmware
/// that watches its debug registers sees no change, neither the one that ran before nor the one that runs afterwards.
@Suite("What a session leaves behind in a chip that runs")
struct LeaveNoTraceTests {
  /// What the commands do with a session.
  enum Verb: String, CaseIterable {
    case write, writeDirect, writeEqual, planned, verify, verifyAndReset, verifyLarge, read, readAndReset, erase, reset,
      look,
      unprotect, peek, options, listen
    case diagnose, diagnoseDeeply, failedPlan
  }

  private static let target = "stm32f407vg"

  private func bench(_ probe: String, _ faults: [String]) throws -> SimulatedBench {
    let bench = try SimulatedBench(Self.target) {
      $0.probeProfile = probe
      $0.faults = try faults.map { try Fault($0) }
    }
    bench.setCells(at: 0, WatchingFirmware.bytes)
    // Sector 3 is protected, for whoever lifts that.
    bench.store(protection: 0x0FFF & ~0b1000)
    bench.simulation.board.cyclePower()
    bench.simulation.run(for: .milliseconds(5))
    let record = WatchingFirmware.record(in: bench.simulation)
    #expect(record.hasStarted && record.lookCount > 5 && record.changes == [])
    return bench
  }

  private func perform(_ verb: Verb, _ mode: AttachMode, on bench: SimulatedBench) throws {
    let image = try #require(FirmwareImage(address: WatchingFirmware.base, bytes: WatchingFirmware.bytes))
    if verb == .diagnose || verb == .diagnoseDeeply {
      let options = Diagnosis.Options(mayReset: mode != .hotPlug, isDeep: verb == .diagnoseDeeply)
      #expect(Diagnosis(probe: bench.probe(), options: options).run().failure == nil)
      return
    }
    let session = TargetSession(
      probe: bench.probe(), options: SessionOptions(attachMode: mode, usesLoader: verb != .writeDirect))
    try session.open()
    switch verb {
    case .write, .writeDirect:
      try session.execute(session.plan(writing: image, isToBeExecuted: true))
    case .writeEqual:
      let plan = try session.plan(writing: image, PlanOptions(skipsEqualSectors: true), isToBeExecuted: true)
      #expect(plan.isEmpty)
      try session.execute(plan)
    case .planned: _ = try session.plan(writing: image, PlanOptions(skipsEqualSectors: true), isToBeExecuted: true)
    case .verify: try session.verify(image)
    case .verifyLarge:
      let large = try #require(FirmwareImage(address: WatchingFirmware.base, bytes: bench.cells(0..<0x1_0000)))
      try session.verify(large)
    case .verifyAndReset:
      try session.verify(image, mayReset: true)
      try session.reset()
    case .read: _ = try session.read(address: WatchingFirmware.base, byteCount: 4096)
    case .readAndReset:
      _ = try session.read(address: WatchingFirmware.base, byteCount: 4096)
      try session.reset()
    case .erase: try session.execute(session.plan(erasing: .sectors([2])))
    case .reset: try session.reset()
    case .look: break
    case .listen:
      var options = RunOptions()
      options.startsAnew = false
      options.catchesFaults = false
      options.rtt = RTTOptions(.anywhere, makesProgramWait: false)
      options.timeLimit = .milliseconds(20)
      let report = try session.run(options, leaving: { _ in .running }, told: { _ in })
      #expect(report.end == .timedOut(.milliseconds(20), at: nil))
    case .peek: #expect(try session.peek(at: 0x2000_0000, count: 4, width: .word).count == 4)
    case .options: #expect(try session.readOptions().loaded.readProtection == .level0)
    case .unprotect: #expect(try session.liftWriteProtection().map(\.number) == [3])
    case .failedPlan: #expect(throws: SessionError.self) { try session.plan(erasing: .sectors([3])) }
    case .diagnose, .diagnoseDeeply: break
    }
    let statement = session.close()
    #expect(statement.problems == [] && statement.reason == nil)
  }

  @Test(arguments: Verb.allCases, ["v2", "v2-1", "v3"])
  func `firmware sees nothing of any verb behind any probe, with NRST and without`(
    verb: Verb, probe: String
  ) throws {
    for faults in [[], ["nrst-open"]] { try expectNoTrace(of: verb, .automatic, probe, faults) }
  }

  @Test(arguments: Verb.allCases)
  func `firmware sees nothing of any verb, however the target is reached`(verb: Verb) throws {
    for mode in [AttachMode.normal, .hotPlug, .underReset] { try expectNoTrace(of: verb, mode, "v2-1", []) }
    try expectNoTrace(of: verb, .underReset, "v2-1", ["nrst-open"])
  }

  private func expectNoTrace(of verb: Verb, _ mode: AttachMode, _ probe: String, _ faults: [String]) throws {
    let bench = try bench(probe, faults)
    try perform(verb, mode, on: bench)
    // Whatever is written late is written before the session has closed.
    bench.simulation.run(for: .milliseconds(5))
    let record = WatchingFirmware.record(in: bench.simulation)
    let situation = "\(verb) \(mode) \(probe) \(faults)"
    #expect(record.hasStarted && record.lookCount > 5, "\(situation): \(record)")
    #expect(record.changes == [], "\(situation)")
    let core = bench.simulation.board.chip.core
    #expect(core.debug.control == [], "\(situation)")
    #expect(core.debug.monitor == .traceEnable, "\(situation)")
    // Firmware asks RCC_CSR why it has started: that the power came on is for it to forget, not for us.
    guard case .done(let flags, _) = bench.simulation.board.chip.bus.read(ResetFlags.address, .word, by: .debugger)
    else { return #expect(Bool(false), "\(situation): RCC_CSR") }
    #expect(ResetFlags(rawValue: flags)[.powerOn], "\(situation)")
  }

  @Test func `firmware that watches for a second after a write sees nothing`() throws {
    let bench = try bench("v2-1", [])
    try perform(.write, .automatic, on: bench)
    bench.simulation.run(for: .seconds(1))
    let record = WatchingFirmware.record(in: bench.simulation)
    #expect(record.changes == [] && record.lookCount > 1000)
  }

  @Test func `a core that is to stay halted is left so with a clean debug unit`() throws {
    let bench = try bench("v2-1", [])
    let session = TargetSession(probe: bench.probe())
    try session.open()
    try session.reset()
    let statement = session.close(leaving: .halted)
    #expect(statement.core?.state == .halted)
    let core = bench.simulation.board.chip.core
    #expect(core.debug.control == [.debugEnable, .halt])
    #expect(core.debug.monitor == .traceEnable)
    #expect(bench.simulation.board.chip.debugUnit.registers[0x04] == 1)
  }
}
