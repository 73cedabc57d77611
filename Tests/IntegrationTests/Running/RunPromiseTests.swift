import Failures
import LinkInterface
import TestSupport
import Testing

@testable import Engine
@testable import SimProbe

/// What `run` promises whatever goes wrong in between: it ends as the program said or says why not, and leaves a chip whose
/// program goes on without a debugger.
struct RunPromiseTests {
  private final class Files: SemihostingFiles {
    func open(_ name: String, _ mode: SemihostingFileMode) throws(SemihostingFileError) -> any SemihostingFile {
      throw .denied
    }
    func remove(_ name: String) throws(SemihostingFileError) { throw .denied }
    func rename(_ name: String, to other: String) throws(SemihostingFileError) { throw .denied }
    func readInput(atMost byteCount: Int, isAwaited: Bool) -> [UInt8]? { [] }
    let isInputTerminal = false
    let secondsSince1970: UInt32 = 0
  }

  private struct Outcome {
    var end: ProgramEnd?
    var error: SessionError?
    var lines: [String] = []
    var statement: ClosingStatement
  }

  private func firmware() throws -> FirmwareImage {
    try FirmwareImage.read(
      try PackageFiles.bytes("Tests/Fixtures/firmware/voices.elf"), name: "voices.elf", ImageReadingOptions())
  }

  private func bench(_ probe: String) throws -> SimulatedBench {
    let bench = try SimulatedBench("stm32f407vg") { $0.probeProfile = probe }
    for segment in try firmware().segments { bench.setCells(at: Int(segment.address - 0x0800_0000), segment.bytes) }
    return bench
  }

  private func run(
    _ bench: SimulatedBench, _ commandLine: String, leaving: RunLeaving = .running, interruption: Interruption? = nil,
    _ configure: (inout RunOptions) -> Void = { _ in }
  ) -> Outcome {
    let session = TargetSession(probe: bench.probe(), options: SessionOptions(interruption: interruption))
    var outcome = Outcome(statement: ClosingStatement(core: nil, reason: nil, wasReset: false, problems: []))
    var options = RunOptions()
    options.semihosting = Files()
    options.commandLine = commandLine
    options.rtt = RTTOptions(.anywhere, makesProgramWait: true)
    options.timeLimit = .seconds(2)
    configure(&options)
    do {
      try session.open()
      let report = try session.run(options, leaving: { _ in leaving }) { event in
        if case .line(let line) = event { outcome.lines.append("\(line.source.name) \(line.text)") }
      }
      outcome.end = report.end
    } catch {
      outcome.error = error
    }
    outcome.statement = session.close()
    return outcome
  }

  private static let exit = ProgramEnd.exited(SemihostingExit(.applicationExit, code: 3))

  @Test(arguments: ["v2-old", "v2", "v2-1", "v3"])
  func `a run that is stopped at any batch leaves a program that goes on, and never a false end`(probe: String) throws {
    let undisturbed = try bench(probe)
    #expect(run(undisturbed, "say count 4 exit 3").end == Self.exit)
    var failures: [String] = []
    var stoppedCount = 0
    for number in stride(from: 3 + probe.count, to: undisturbed.batchCount, by: 17) {
      let bench = try bench(probe)
      let interruption = Interruption()
      bench.mishaps[number] = .request(interruption)
      let outcome = run(bench, "say count 4 exit 3", interruption: interruption)
      let isStopped = outcome.end == .interrupted || outcome.error?.report.category == .interrupted
      if isStopped { stoppedCount += 1 }
      if !isStopped && outcome.end != Self.exit {
        failures.append("\(number): \(String(describing: outcome.end)) \(String(describing: outcome.error))")
      }
      let debug = bench.simulation.board.chip.core.debug
      if debug.control != [] || !debug.monitor.isDisjoint(with: [.catchHardFault, .catchReset]) {
        failures.append("\(number): left with \(debug.control), \(debug.monitor)")
      }
    }
    #expect(failures == [])
    #expect(stoppedCount > 3)
  }

  @Test(arguments: ["v2-1", "v3"])
  func `a reset, a supply or a cable that fails at any batch is told and never taken for an end`(probe: String) throws {
    let undisturbed = try bench(probe)
    _ = run(undisturbed, "say count 4 exit 3")
    var failures: [String] = []
    let mishaps: [(name: String, mishap: SimulatedBench.Mishap)] = [
      ("reset", .pulseReset), ("power", .cutPower), ("unplug", .unplug), ("jumpers", .openJumpers),
    ]
    for (index, (name, mishap)) in mishaps.enumerated() {
      for number in stride(from: 5 + 11 * index, to: undisturbed.batchCount, by: 61) {
        let bench = try bench(probe)
        bench.mishaps[number] = mishap
        let outcome = run(bench, "say count 4 exit 3")
        if let end = outcome.end {
          switch end {
          // A reset before the program was let go is the run's own beginning.
          case .exited(let exit) where exit.code == 3: continue
          case .reset, .lostPower: continue
          default: failures.append("\(name) at \(number): \(end)")
          }
        } else if outcome.error == nil {
          failures.append("\(name) at \(number): nothing is told")
        }
      }
    }
    #expect(failures == [])
  }

  @Test func `an RTT buffer that was made to wait gets its mode back, and what it holds is whole`() throws {
    let bench = try bench("v2-1")
    let outcome = run(bench, "listen count 60 wait") { $0.timeLimit = .milliseconds(400) }
    guard case .timedOut(.milliseconds(400), let stop?) = outcome.end else {
      Issue.record("\(String(describing: outcome.end))")
      return
    }
    #expect(stop.wasAsleep && stop.handler == nil)
    #expect(outcome.lines == (0..<60).map { "rtt:0 RTT line \($0)" })
    let place = try #require(Self.blockAddress(bench))
    guard case .done(0, _) = bench.simulation.board.chip.bus.read(place + 24 + 20, .word, by: .debugger) else {
      Issue.record("the flags of channel 0 are not as the program has set them")
      return
    }
    #expect(bench.simulation.coreState == .sleeping)
  }

  @Test func `a stale block of an earlier program is not listened to`() throws {
    let bench = try bench("v2-1")
    #expect(run(bench, "listen count 3 wait") { $0.timeLimit = .milliseconds(100) }.lines.count == 3)
    // Another program, which has no RTT; the RAM keeps the old block.
    bench.setCells(at: 0, WatchingFirmware.bytes)
    let outcome = run(bench, "") {
      $0.timeLimit = .milliseconds(200)
      $0.semihosting = nil
    }
    #expect(outcome.lines == [])
  }

  @Test func `a program that writes DEMCR, as to start the cycle counter, is not taken for one that was reset`() throws
  {
    let bench = try bench("v2-1")
    let session = TargetSession(probe: bench.probe())
    var options = RunOptions()
    options.semihosting = Files()
    options.commandLine = "say wait"
    options.timeLimit = .milliseconds(200)
    try session.open()
    let report = try session.run(options, leaving: { _ in .running }) { event in
      // TRCENA alone, as `CoreDebug->DEMCR = CoreDebug_DEMCR_TRCENA_Msk` has it.
      if case .line = event {
        _ = bench.simulation.board.chip.bus.write(0xE000_EDFC, 0x0100_0000, .word, by: .debugger)
      }
    }
    session.close()
    guard case .timedOut = report.end else {
      Issue.record("\(report.end)")
      return
    }
  }

  @Test func `a damaged block is told of and not followed`() throws {
    let bench = try bench("v2-1")
    var warnings: [String] = []
    let session = TargetSession(probe: bench.probe())
    var options = RunOptions()
    options.semihosting = Files()
    options.rtt = RTTOptions(.anywhere, makesProgramWait: false)
    options.timeLimit = .milliseconds(300)
    try session.open()
    _ = try session.run(options, leaving: { _ in .running }) { event in
      if case .warning(let text) = event { warnings.append(text) }
      // As a stack that has run over it would: the buffer of channel 0 ends behind the RAM.
      if case .found = event {
        let bus = bench.simulation.board.chip.bus
        if let place = Self.blockAddress(bench) { _ = bus.write(place + 24 + 8, 0x4000_0000, .word, by: .debugger) }
      }
    }
    session.close()
    #expect(warnings.contains { $0.contains("is damaged: its buffer of 1,073,741,824 bytes") }, "\(warnings)")
  }

  private static func blockAddress(_ bench: SimulatedBench) -> UInt32? {
    stride(from: UInt32(0x2000_0000), to: 0x2000_1000, by: 4).first { address in
      // "SEGG", little-endian.
      if case .done(0x4747_4553, _) = bench.simulation.board.chip.bus.read(address, .word, by: .debugger) {
        true
      } else {
        false
      }
    }
  }
}
