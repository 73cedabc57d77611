import Engine
import Failures
import LinkInterface
import SimProbe
import TestSupport
import Testing

/// What protected and broken worlds get.
@Suite("Sessions that are refused or broken off")
struct RefusalTests {
  private func open(_ bench: SimulatedBench, _ options: SessionOptions = SessionOptions()) throws -> TargetSession {
    let session = TargetSession(probe: bench.probe(), options: options)
    try session.open()
    return session
  }

  private func firmware(_ byteCount: Int) throws -> FirmwareImage {
    var random = SeededGenerator(seed: 1)
    return try #require(
      FirmwareImage(address: 0x0800_0000, bytes: [0, 0x40, 0, 0x20, 1, 2, 0, 8] + random.bytes(byteCount - 8)))
  }

  private func failure(_ body: () throws -> Void) throws -> SessionError {
    try #require(#expect(throws: SessionError.self, performing: body))
  }

  @Test func `a write-protected sector is named and nothing is erased`() throws {
    let bench = try SimulatedBench("stm32f407vg")
    bench.setOptions(protection: 0x0FFD)
    bench.setCells(at: 0, [1, 2, 3])
    let session = try open(bench)
    let error = try failure { _ = try session.plan(writing: try firmware(20_000)) }
    #expect(error.report.category == .protected)
    #expect(error.report.summary.contains("sector 1"))
    #expect(bench.cells(0..<3) == [1, 2, 3])
    session.close()
  }

  @Test func `read protection level 1 is told with its remedy`() throws {
    let bench = try SimulatedBench("stm32f407vg")
    bench.setOptions(user: 0x00EC)
    let session = try open(bench)
    #expect(session.protection?.readProtection == .level1(stored: 0))
    let writing = try failure { _ = try session.plan(writing: try firmware(100)) }
    let reading = try failure { _ = try session.read(.main) }
    for error in [writing, reading] {
      #expect(error.report.category == .protected)
      #expect(error.report.summary.contains("level 1"))
    }
    session.close()
  }

  @Test func `read protection level 2 answers nobody`() throws {
    let bench = try SimulatedBench("stm32f407vg")
    bench.setOptions(user: 0xCCEC)
    let error = try failure { _ = try open(bench) }
    #expect(error.report.category == .noTarget)
  }

  @Test func `a board with open jumpers is no target`() throws {
    let bench = try SimulatedBench("nucleo-f207zg")
    bench.mishaps[1] = .openJumpers
    let error = try failure { _ = try open(bench) }
    #expect(error.report.category == .noTarget)
    #expect(!error.report.remedies.isEmpty)
  }

  @Test func `a width too wide for the supply is refused`() throws {
    let bench = try SimulatedBench("stm32f407vg") { $0.supplyMillivolts = 2500 }
    let session = try open(bench, SessionOptions(parallelism: .x32))
    let error = try failure { _ = try session.plan(writing: try firmware(100)) }
    #expect(error.report.category == .usage)
    session.close()
  }

  @Test func `a blank chip does not verify against a firmware`() throws {
    let session = try open(try SimulatedBench("stm32f407vg"))
    let error = try failure { try session.verify(try firmware(100)) }
    #expect(error.report.category == .verify)
    session.close()
  }

  /// Where in a write something goes wrong: at a fraction of its batches.
  private static let moments = Array(1..<20)

  /// How many batches opening and planning take, and how many the write takes.
  private func batches() throws -> (before: Int, write: Int) {
    let bench = try dirtyBench()
    let session = try open(bench)
    let plan = try session.plan(writing: try firmware(20_000))
    let before = bench.batchCount
    try session.execute(plan)
    return (before, bench.batchCount - before)
  }

  private func dirtyBench() throws -> SimulatedBench {
    let bench = try SimulatedBench("stm32f407vg")
    bench.setCells(at: 0, [UInt8](repeating: 0x11, count: 20_000))
    return bench
  }

  /// Writes with something going wrong at a twentieth of the way.
  private func broken(
    at moment: Int, _ mishap: SimulatedBench.Mishap, _ interruption: Interruption? = nil
  ) throws -> (SimulatedBench, SessionError, ClosingStatement) {
    let (before, write) = try batches()
    let bench = try dirtyBench()
    let session = try open(bench, SessionOptions(interruption: interruption))
    let plan = try session.plan(writing: try firmware(20_000))
    bench.mishaps[before + write * moment / 20] = mishap
    let error = try failure { try session.execute(plan) }
    return (bench, error, session.close(leaving: .running))
  }

  /// The old firmware, none at all, or all of the new one.
  private func holdsNoHalfFirmware(_ bench: SimulatedBench) throws -> Bool {
    switch bench.cells(0..<8) {
    case [UInt8](repeating: 0x11, count: 8), [UInt8](repeating: 0xFF, count: 8): true
    default: bench.cells(0..<20_000) == (try firmware(20_000)).segments[0].bytes
    }
  }

  @Test(arguments: RefusalTests.moments)
  func `a probe unplugged in mid-write leaves no valid firmware`(moment: Int) throws {
    let (bench, error, statement) = try broken(at: moment, .unplug)
    #expect(error.report.category == .probe)
    #expect(!statement.problems.isEmpty)
    #expect(try holdsNoHalfFirmware(bench))
  }

  @Test(arguments: RefusalTests.moments)
  func `a target lost in mid-write leaves no valid firmware`(moment: Int) throws {
    let (bench, error, statement) = try broken(at: moment, .openJumpers)
    #expect([.noTarget, .timeout].contains(error.report.category), "\(error.report)")
    #expect(!statement.problems.isEmpty)
    #expect(try holdsNoHalfFirmware(bench))
  }

  @Test func `a read that fails leaves a controller unlocked that the program has unlocked`() throws {
    let bench = try SimulatedBench("stm32f407vg") { $0.faults = [try Fault("left-unlocked")] }
    let session = try open(bench, SessionOptions(attachMode: .hotPlug))
    #expect(throws: SessionError.self) { try session.peek(at: 0x6000_0000, count: 1, width: .word) }
    #expect(throws: SessionError.self) { try session.read(address: 0x6000_0000, byteCount: 64) }
    session.close()
    #expect(!bench.isLockedAndIdle)
  }

  @Test func `a target lost for a moment is left with its controller locked, or the user is told`() throws {
    let direct = SessionOptions(usesLoader: false)
    let clean = try dirtyBench()
    let whole = try open(clean, direct)
    let work = try whole.plan(writing: try firmware(2000))
    let before = clean.batchCount
    try whole.execute(work)
    var failureCount = 0
    for first in stride(from: before + 1, to: clean.batchCount, by: 31) {
      for length in [9, 16] {
        let bench = try dirtyBench()
        let session = try open(bench, direct)
        let plan = try session.plan(writing: try firmware(2000))
        bench.mishaps[first] = .openJumpers
        bench.mishaps[first + length] = .closeJumpers
        var evidence: [String]?
        do { try session.execute(plan) } catch { evidence = error.report.evidence }
        let problems = session.close().problems
        guard let evidence else { continue }
        failureCount += 1
        // The link may have come back too late: then it is said.
        let isSaid = (evidence + problems).contains { $0.contains("locked") }
        #expect(bench.isLockedAndIdle || isSaid, "lost from batch \(first) on, for \(length)")
        if length == 9 { #expect(bench.isLockedAndIdle && !isSaid, "lost from batch \(first) on") }
      }
    }
    #expect(failureCount > 3, "\(failureCount)")
  }

  @Test(arguments: RefusalTests.moments)
  func `a target that loses its supply in mid-write is told`(moment: Int) throws {
    let (_, error, _) = try broken(at: moment, .cutPower)
    #expect([.noTarget, .timeout, .flash].contains(error.report.category), "\(error.report)")
  }

  @Test(arguments: RefusalTests.moments)
  func `an interruption in mid-write leaves the controller locked and the core halted`(moment: Int) throws {
    let interruption = Interruption()
    let (bench, error, statement) = try broken(at: moment, .request(interruption), interruption)
    #expect(error.report.category == .interrupted)
    #expect(bench.isLockedAndIdle)
    #expect(statement.problems.isEmpty)
    #expect(try holdsNoHalfFirmware(bench))
    if bench.cells(0..<1) != [0x11] {
      #expect(statement.core?.state == .halted)
      #expect(statement.reason != nil)
    }
  }

  @Test func `after any interruption the next session writes as if nothing had been`() throws {
    let interruption = Interruption()
    let (bench, _, _) = try broken(at: 12, .request(interruption), interruption)
    let session = try open(bench)
    let firmware = try firmware(20_000)
    try session.execute(try session.plan(writing: firmware))
    try session.verify(firmware)
    #expect(session.close().problems.isEmpty)
  }
}
