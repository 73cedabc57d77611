import Basics
import Failures
import LinkInterface
import TestSupport
import Testing

@testable import Engine
@testable import SimProbe

/// Sessions whose plans the RAM loader executes, on simulated boards.
@Suite("Writing by the loader")
struct LoaderSessionTests {
  private final class Events {
    var all: [FlashEvent] = []

    var warnings: [String] { all.compactMap { if case .warning(let advice) = $0 { advice.text } else { nil } } }

    func duration(of wanted: FlashPhase) -> Duration {
      all.reduce(.zero) { total, event in
        if case .phaseFinished(wanted, let duration) = event { total + duration } else { total }
      }
    }
  }

  private let events = Events()

  private func open(_ bench: SimulatedBench, _ options: SessionOptions = SessionOptions()) throws -> TargetSession {
    let session = TargetSession(probe: bench.probe(), options: options) { [events] in events.all.append($0) }
    try session.open()
    return session
  }

  // MARK: - Time

  /// What the simulated controller itself needs for a plan: its erases, and 16 us an access.
  private func floor(_ plan: FlashPlan) -> Duration {
    let timing = SimProbe.FlashTiming(SimProbe.ChipFamily.f2f4.flashTimes)
    let erases = plan.eraseSteps.reduce(UInt64(0)) { total, step in
      switch step {
      case .sector(let sector): total + timing.erase(sectorOf: UInt32(sector.byteCount), .x32)
      case .banks(let banks):
        total
          + timing.erase(
            banksOf: banks.map { bank in
              UInt32(plan.sectorMap.sectors.reduce(0) { $0 + ($1.bank == bank ? $1.byteCount : 0) })
            }, .x32)
      }
    }
    return .nanoseconds(Int64(erases + timing.program * UInt64(plan.programmedByteCount / 4)))
  }

  @Test(arguments: [("v2-1", 1.10), ("v3", 1.05)])
  func `a write takes hardly longer than the controller itself needs`(probe: String, most: Double) throws {
    let bench = try SimulatedBench("stm32f401cc") { $0.probeProfile = probe }
    var random = SeededGenerator(seed: 2)
    bench.setCells(at: 0, random.bytes(256 << 10))
    let session = try open(bench)
    let plan = try session.plan(writing: try TestImage.firmware(256 << 10), isToBeExecuted: true)
    #expect(plan.erasedSectors.count == 6)
    events.all = []
    try session.execute(plan)
    let phases = [FlashPhase.erasing, .programming, .verifying].map(events.duration)
    let ratio = phases.reduce(.zero, +) / floor(plan)
    #expect(ratio <= most && ratio >= 1, "\(phases) against \(floor(plan))")
    #expect(plan.prediction.total / floor(plan) < most)
    session.close()
  }

  /// The link is what a write to a blank chip waits for, but for a fast probe.
  @Test(arguments: [
    ("v2-old", "stm32f407vg", 1.4), ("v2-1", "stm32f207zg", 1.2), ("v2-1", "stm32f401cc", 1.2),
    ("v2-1", "stm32f410cb", 1.0),
    ("v3", "stm32f407vg", 1.0),
  ])
  func `firmware that repeats itself goes packed where the link is slower than the controller`(
    probe: String, chip: String, least: Double
  ) throws {
    var random = SeededGenerator(seed: 31)
    func programming(_ bytes: [UInt8]) throws -> Duration {
      let bench = try SimulatedBench(chip) { $0.probeProfile = probe }
      let session = try open(bench)
      let image = try TestImage.image(0x0800_0000, [0, 0x20, 0, 0x20, 1, 2, 0, 8] + bytes)
      let plan = try session.plan(writing: image, isToBeExecuted: true)
      events.all = []
      try session.execute(plan)
      #expect(bench.cells(8..<8 + bytes.count) == bytes, "seed \(random.seed)")
      #expect(session.close().problems.isEmpty)
      return events.duration(of: .programming)
    }
    let byteCount = (96 << 10) - 8
    let random96 = try programming(random.bytes(byteCount))
    let repetitive = try programming(RepetitiveBytes.make(byteCount, &random))
    #expect(random96 / repetitive >= least * 0.999, "\(random96) and \(repetitive)")
  }

  @Test func `both banks at once are the cheapest erase of a full 2 MiB part, and sectors of a full 1 MiB part`() throws
  {
    for (target, banks, steps) in [("stm32f429zi", 2, 1), ("stm32f407vg", 1, 12)] {
      let bench = try SimulatedBench(target)
      let byteCount = banks << 20
      for offset in stride(from: 0, to: byteCount, by: 16 << 10) { bench.setCells(at: offset, [0x11]) }
      let session = try open(bench)
      let plan = try session.plan(writing: try TestImage.firmware(byteCount), PlanOptions(keepsOtherBytes: false))
      #expect(plan.eraseSteps.count == steps, "\(target)")
      session.close()
    }
  }

  // MARK: - Any plan

  @Test(arguments: 0..<10)
  func `after any write the flash holds the image, and what was to be kept`(round: Int) throws {
    let seed = UInt64(round) + 100
    var random = SeededGenerator(seed: seed)
    let name = try #require(Simulation.chips.map(\.name).randomElement(using: &random))
    let bench = try SimulatedBench(name) {
      $0.probeProfile = ["v2", "v2-1", "v3"].randomElement(using: &random)
      $0.supplyMillivolts = [3300, 3300, 2500, 1900].randomElement(using: &random) ?? 3300
    }
    let byteCount = bench.flash.count
    var wanted = bench.flash
    for _ in 0..<4 {
      let old = random.bytes(Int.random(in: 1...3000, using: &random))
      let start = Int.random(in: 0...(byteCount - old.count), using: &random)
      bench.setCells(at: start, old)
      wanted.replaceSubrange(start..<start + old.count, with: old)
    }
    var content: [Int: UInt8] = [:]
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let piece = random.bytes(Int.random(in: 1...6000, using: &random))
      let start = Int.random(in: 0...(byteCount - piece.count), using: &random)
      for (offset, byte) in piece.enumerated() { content[start + offset] = byte }
    }
    for (offset, byte) in content { wanted[offset] = byte }
    let image = try FirmwareImage(
      joining: content.sorted { $0.key < $1.key }.map {
        try #require(FirmwareImage.Segment(address: 0x0800_0000 + UInt32($0.key), bytes: [$0.value]))
      })
    let session = try open(bench)
    let plan = try session.plan(
      writing: image, PlanOptions(skipsEqualSectors: Bool.random(using: &random)), isToBeExecuted: true)
    try session.execute(plan)
    #expect(bench.flash == wanted, "seed \(seed), \(name)")
    #expect(bench.isLockedAndIdle, "seed \(seed), \(name)")
    #expect(session.close().problems.isEmpty, "seed \(seed), \(name)")
    #expect(events.warnings.allSatisfy { !$0.contains("loader") }, "seed \(seed), \(name): \(events.warnings)")
  }

  @Test func `equal and blank sectors are found by the loader, in little time`() throws {
    let bench = try SimulatedBench("stm32f401cc")
    let firmware = try TestImage.firmware(200_000)
    let first = try open(bench)
    let plan = try first.plan(writing: firmware, isToBeExecuted: true)
    #expect(plan.blankSectors.count == 6)
    try first.execute(plan)
    first.close()
    bench.setCells(at: 0x1_8000, [0x55])
    let second = try open(bench)
    let before = bench.simulation.time
    let again = try second.plan(
      writing: firmware, PlanOptions(skipsEqualSectors: true), isToBeExecuted: true)
    #expect(bench.simulation.time - before < .milliseconds(400), "reading would take over a second")
    #expect(again.equalSectors.map(\.number) == [1, 2, 3, 5])
    #expect(again.erasedSectors.map(\.number) == [0, 4])
    try second.execute(again)
    #expect(bench.cells(0..<200_000) == firmware.segments[0].bytes)
    #expect(second.close().wasReset)
  }

  @Test func `a plan that is only shown neither resets nor halts for a loader`() throws {
    let bench = try SimulatedBench("stm32f401cc")
    let session = try open(bench)
    _ = try session.plan(writing: try TestImage.firmware(100_000))
    #expect(!session.close().wasReset)
  }

  // MARK: - One loader a session

  /// How often the loader has been uploaded.
  private func uploadCount(_ bench: SimulatedBench) -> Int { bench.writeCount(at: LoaderMemory.base) }

  @Test(arguments: [false, true])
  func `the loader that has looked at the flash for the plan carries it out`(skipsEqual: Bool) throws {
    let bench = try SimulatedBench("stm32f401cc")
    bench.setCells(at: 0x4100, [0x55])
    let session = try open(bench)
    let firmware = try TestImage.firmware(100_000)
    let plan = try session.plan(
      writing: firmware, PlanOptions(skipsEqualSectors: skipsEqual), isToBeExecuted: true)
    #expect(uploadCount(bench) == 1)
    try session.execute(plan)
    #expect(uploadCount(bench) == 1)
    #expect(bench.cells(0..<100_000) == firmware.segments[0].bytes)
    #expect(session.close().problems == [])
  }

  /// What may happen to a loader between the plan and its execution.
  enum Interlude: CaseIterable {
    case none, reset, silence, otherRead, resetByUs, verified, protectionLifted

    /// Whether the core may have run something else, so that what is in the RAM is not trusted.
    var endsLoader: Bool { self != .none && self != .otherRead }
  }

  @Test(arguments: Interlude.allCases)
  func `a loader is trusted as long as the core has run nothing else, and no longer`(interlude: Interlude) throws {
    let bench = try SimulatedBench("stm32f401cc")
    let session = try open(bench)
    let firmware = try TestImage.firmware(20_000)
    let plan = try session.plan(writing: firmware, isToBeExecuted: true)
    switch interlude {
    case .none: break
    case .reset: bench.pulseReset()
    case .silence: bench.simulation.run(for: .seconds(15))
    case .otherRead: _ = try session.read(address: 0x0800_0000, byteCount: 64)
    case .resetByUs: try session.reset()
    case .verified: #expect(throws: SessionError.self) { try session.verify(firmware, mayReset: true) }
    case .protectionLifted:
      bench.store(protection: 0x0FFF & ~0b1000)
      bench.pulseReset()
      #expect(try session.liftWriteProtection().map(\.number) == [3], "as it is now, not as the session found it")
    }
    try session.execute(plan)
    #expect(uploadCount(bench) == (interlude.endsLoader ? 2 : 1))
    #expect(bench.cells(0..<20_000) == firmware.segments[0].bytes)
    #expect(bench.isLockedAndIdle)
    #expect(events.warnings.allSatisfy { $0.contains("keep the power on") })
    #expect(session.close().problems == [])
  }

  // MARK: - Any state of the core

  /// Programs that leave the core in states from which not every debugger can go on.
  private static let programs: [(String, [UInt16])] = [
    ("sleeps", [0xBF30, 0xE7FD]),
    ("undefined instruction, and the handler too: lock-up", [0xDE00, 0xE7FE]),
    ("interrupts masked, in a loop", [0xB672, 0xE7FE]),
    // LDR R0, =MPU_CTRL; MOVS R1, #1; STR R1, [R0]; B .
    ("the MPU forbids everything", [0x4801, 0x2101, 0x6001, 0xE7FE, 0xED94, 0xE000]),
  ]

  @Test(arguments: LoaderSessionTests.programs.indices)
  func `a firmware in any state is written over`(index: Int) throws {
    let (name, code) = LoaderSessionTests.programs[index]
    let bench = try SimulatedBench("stm32f407vg")
    let vectors: [UInt32] = [0x2000_4000, 0x0800_0041] + [UInt32](repeating: 0x0800_0041, count: 14)
    bench.setCells(at: 0, vectors.flatMap(\.littleEndianBytes))
    bench.setCells(at: 0x40, code.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] })
    bench.setOptions()
    let session = try open(bench)
    let firmware = try TestImage.firmware(9000)
    try session.execute(try session.plan(writing: firmware, isToBeExecuted: true))
    #expect(bench.cells(0..<9000) == firmware.segments[0].bytes, "\(name)")
    #expect(events.warnings.allSatisfy { !$0.contains("loader") }, "\(name): \(events.warnings)")
    session.close()
  }

  @Test func `a watchdog of the option bytes bites neither in long erases nor between`() throws {
    let bench = try SimulatedBench("stm32f401cc") { $0.supplyMillivolts = 1900 }
    bench.setOptions(user: 0xAACC)
    bench.setCells(at: 0, [UInt8](repeating: 0x33, count: 256 << 10))
    let session = try open(bench)
    let firmware = try TestImage.firmware(140_000)
    let plan = try session.plan(writing: firmware, PlanOptions(keepsOtherBytes: false), isToBeExecuted: true)
    // A sector of 128 KiB takes 1.8 s at x8; the watchdog's time is 0.5 s.
    #expect(plan.parallelism == .x8 && plan.erasedSectors.contains { $0.byteCount == 128 << 10 })
    try session.execute(plan)
    #expect(bench.cells(0..<140_000) == firmware.segments[0].bytes)
    session.close()
  }

  // MARK: - Failures

  @Test func `a cell that does not take its value is named, with what it holds`() throws {
    let bench = try SimulatedBench("stm32f407vg")
    let firmware = try TestImage.firmware(40_000)
    // With a width that is asked for nothing is tried again.
    let session = try open(bench, SessionOptions(parallelism: .x32))
    let plan = try session.plan(writing: firmware, isToBeExecuted: true)
    let total = try batchCount(of: plan)
    bench.mishaps[bench.batchCount + total * 5 / 8] = .change(offset: 1001, to: ~firmware.segments[0].bytes[1001])
    let error = try #require(#expect(throws: SessionError.self) { try session.execute(plan) })
    guard case .flash(let flashError) = error, case .mismatch(let mismatch) = flashError.cause else {
      Issue.record("\(error)")
      return
    }
    #expect(mismatch.address == 0x0800_03E9)
    #expect(mismatch.expected == firmware.segments[0].bytes[1001])
    #expect(mismatch.found == ~firmware.segments[0].bytes[1001])
    #expect(mismatch.differingByteCount == 1)
    #expect(bench.cells(0..<8) == [UInt8](repeating: 0xFF, count: 8), "no vector table")
    #expect(session.close(leaving: .running).core?.state == .halted)
    #expect(bench.isLockedAndIdle)
  }

  /// How many batches of transfers the execution of a plan takes.
  private func batchCount(of plan: FlashPlan) throws -> Int {
    let bench = try SimulatedBench("stm32f407vg")
    let session = try open(bench)
    let own = try session.plan(writing: try TestImage.firmware(40_000), isToBeExecuted: true)
    let before = bench.batchCount
    try session.execute(own)
    return bench.batchCount - before
  }

  @Test func `a sector that is protected behind our back stops the loader, with the sector and the status`() throws {
    let bench = try SimulatedBench("stm32f407vg")
    bench.setCells(at: 0, [UInt8](repeating: 0x22, count: 100_000))
    let session = try open(bench)
    let plan = try session.plan(writing: try TestImage.firmware(100_000))
    // Sectors 0 to 3 stay open, 4 is protected from the next reset on: the one before writing.
    bench.store(protection: 0x0FEF)
    let error = try #require(#expect(throws: SessionError.self) { try session.execute(plan) })
    guard case .flash(let flashError) = error, case .errorBits(let status, let action) = flashError.cause else {
      Issue.record("\(error)")
      return
    }
    #expect(status.errorNames == ["WRPERR"])
    #expect(action == "erasing sector 4")
    #expect(flashError.evidence.sector?.number == 4)
    #expect(error.report.category == .protected)
    #expect(bench.isLockedAndIdle)
    #expect(session.close().core?.state == .halted)
  }

  /// Writes 40,000 bytes over old ones with something going wrong in the middle of it.
  private func broken(by mishap: SimulatedBench.Mishap) throws -> (FlashError, SimulatedBench, ClosingStatement) {
    let bench = try SimulatedBench("stm32f407vg")
    let session = try open(bench)
    let plan = try session.plan(writing: try TestImage.firmware(40_000), isToBeExecuted: true)
    bench.mishaps[bench.batchCount + (try batchCount(of: plan)) / 2] = mishap
    let error = #expect(throws: SessionError.self) { try session.execute(plan) }
    guard case .flash(let flashError) = error else { throw try #require(error) }
    return (flashError, bench, session.close(leaving: .running))
  }

  @Test func `a loader whose code is overwritten ends in a fault that is caught`() throws {
    let code = 0x2000_0000..<0x2000_0000 + UInt32(LoaderCode.words.count * 4)
    // UDF #0, wherever the core is.
    let (error, bench, statement) = try broken(by: .overwriteRAM(code, with: 0xDE00_DE00))
    guard case .loaderStopped(.halted, let place, let faults, _) = error.cause else {
      Issue.record("\(error)")
      return
    }
    #expect(place != nil && faults & 1 << 16 != 0, "CFSR.UNDEFINSTR")
    #expect(error.leavesFlashIncomplete)
    #expect(bench.cells(0..<8) == [UInt8](repeating: 0xFF, count: 8))
    #expect(bench.isLockedAndIdle)
    #expect(statement.core?.state == .halted)
  }

  @Test func `a reset in the middle is told as one, and what is half written does not start`() throws {
    let (error, bench, statement) = try broken(by: .pulseReset)
    guard case .chipReset = error.cause else {
      Issue.record("\(error)")
      return
    }
    #expect(error.leavesFlashIncomplete)
    #expect(bench.cells(0..<8) == [UInt8](repeating: 0xFF, count: 8))
    #expect(bench.isLockedAndIdle)
    #expect(statement.core?.state == .halted)
  }

  // MARK: - Without the loader

  @Test func `without the loader, on request, the flash is programmed through the debug port`() throws {
    let bench = try SimulatedBench("stm32f407vg")
    let session = try open(bench, SessionOptions(usesLoader: false))
    let firmware = try TestImage.firmware(5000)
    try session.execute(try session.plan(writing: firmware, isToBeExecuted: true))
    #expect(bench.cells(0..<5000) == firmware.segments[0].bytes)
    #expect(events.warnings.isEmpty)
    session.close()
  }

  @Test func `a chip that has less RAM than it should is programmed through the debug port, and the user is told`()
    throws
  {
    // It calls itself an F407, whose smallest has 128 KiB of RAM, and has a quarter of that.
    let bench = try SimulatedBench("stm32f410rb") { configuration in
      configuration.faults = [try Fault("foreign-id=0x413")]
    }
    let session = try open(bench)
    let firmware = try TestImage.firmware(50_000)
    try session.execute(try session.plan(writing: firmware, isToBeExecuted: true))
    #expect(bench.cells(0..<50_000) == firmware.segments[0].bytes)
    // It is tried once, and told once.
    #expect(uploadCount(bench) == 1)
    #expect(events.warnings.count { $0.contains("through the debug port, which is slower") } == 1, "\(events.warnings)")
    session.close()
  }

  @Test func `after a hot plug the flash is programmed through the debug port, and the user is told`() throws {
    let bench = try SimulatedBench("stm32f407vg")
    let session = try open(bench, SessionOptions(attachMode: .hotPlug))
    let firmware = try TestImage.firmware(3000)
    try session.execute(try session.plan(writing: firmware, isToBeExecuted: true))
    #expect(bench.cells(0..<3000) == firmware.segments[0].bytes)
    #expect(events.warnings.contains { $0.contains("was not reset") }, "\(events.warnings)")
    session.close()
  }

  // MARK: - Comparing

  @Test func `a comparison that may reset is made by checksums, else by reading without a reset`() throws {
    let bench = try SimulatedBench("stm32f401cc")
    var random = SeededGenerator(seed: 9)
    let bytes = random.bytes(100_001)
    bench.setCells(at: 3, bytes)
    let image = try TestImage.image(0x0800_0003, bytes)
    var times: [Duration] = []
    for mayReset in [true, false] {
      let session = try open(bench)
      let before = bench.simulation.time
      try session.verify(image, mayReset: mayReset)
      times.append(bench.simulation.time - before)
      #expect(session.close().wasReset == mayReset)
    }
    #expect(times[0] * 4 < times[1], "\(times)")
    bench.setCells(at: 100_003, [~bytes[100_000]])
    let session = try open(bench)
    let error = #expect(throws: SessionError.self) { try session.verify(image, mayReset: true) }
    guard case .flash(let flashError) = error, case .mismatch(let mismatch) = flashError.cause else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(mismatch.address == 0x0801_86A3 && mismatch.differingByteCount == 1)
    #expect(mismatch.comparedByteCount == 100_001)
    #expect(mismatch.likelyCause == .otherContent)
    session.close()
  }
}
